import type { RunView } from '@apex/client/run-view'
import { useEffect, useRef, useState } from 'react'

const TICK_MS = 100

/**
 * The server's time as this run knows it, in milliseconds since 1970, ticking while the run goes on: the time of the
 * newest event plus what has passed here since it came. The reader's own clock may be minutes off and is not asked.
 */
export function useRunTime(run: RunView): number {
  const newest = useRef({ eventAt: run.lastEventAt, receivedAt: performance.now() })
  if (newest.current.eventAt !== run.lastEventAt) {
    newest.current = { eventAt: run.lastEventAt, receivedAt: performance.now() }
  }
  const going = run.state !== 'finished'
  const [, tick] = useState(0)
  useEffect(() => {
    if (!going) return
    const timer = setInterval(() => tick((count) => count + 1), TICK_MS)
    return () => clearInterval(timer)
  }, [going])
  const eventAtMs = Date.parse(newest.current.eventAt)
  return going ? eventAtMs + (performance.now() - newest.current.receivedAt) : eventAtMs
}

/** How long a run has taken so far, or took, in milliseconds. */
export function runElapsedMs(run: RunView, nowMs: number): number {
  if (run.durationMs !== null) return run.durationMs
  return Math.max(0, nowMs - Date.parse(run.startedAt ?? run.acceptedAt))
}
