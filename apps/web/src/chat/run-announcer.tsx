import type { PendingMessage } from '@apex/client/commands'
import type { RunView } from '@apex/client/run-view'
import { useEffect, useRef, useState } from 'react'
import { strings } from '../strings.ts'

const words = strings.chat.status

/** Tells a screen reader once that a run began, ended or failed; never the words as they stream. */
export function RunAnnouncer({ run, outgoing }: { run: RunView | undefined; outgoing: readonly PendingMessage[] }) {
  const now = announcement(run, outgoing)
  const [said, setSaid] = useState('')
  const last = useRef(now)
  useEffect(() => {
    // What was so when the page opened is not news.
    if (now === last.current) return
    last.current = now
    setSaid(now)
  }, [now])
  return <output className="sr">{said}</output>
}

function announcement(run: RunView | undefined, outgoing: readonly PendingMessage[]): string {
  if (outgoing.some(({ state }) => state === 'failed')) return words.notSent
  if (!run) return ''
  if (run.state === 'queued') return words.queued
  if (run.state === 'running') return words.started
  return words[run.outcome ?? 'completed']
}
