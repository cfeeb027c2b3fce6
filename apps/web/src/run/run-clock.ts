import type { RunView } from '@apex/client/run-view'
import { useEffect, useState } from 'react'

const TICK_MS = 100

/**
 * The server's time as this run knows it, in milliseconds since 1970, ticking while the run goes on: the time of the
 * newest event plus what has passed here since it came. The reader's own clock may be minutes off and is not asked.
 */
export function useRunTime(run: RunView): number {
  const eventAtMs = Date.parse(run.lastEventAt)
  const [nowMs, setNowMs] = useState(eventAtMs)
  const going = run.state !== 'finished'
  useEffect(() => {
    if (!going) return undefined
    const receivedAt = performance.now()
    const timer = setInterval(() => setNowMs(eventAtMs + performance.now() - receivedAt), TICK_MS)
    return () => clearInterval(timer)
  }, [eventAtMs, going])
  // Just after an event, the time of the last tick is still that of the event before.
  return going ? Math.max(eventAtMs, nowMs) : eventAtMs
}

/** How long a run has taken so far, or took, in milliseconds. */
export function runElapsedMs(run: RunView, nowMs: number): number {
  if (run.durationMs !== null) return run.durationMs
  return Math.max(0, nowMs - Date.parse(run.startedAt ?? run.acceptedAt))
}
