import type { RunView } from '@apex/client/run-view'
import { memo, useEffect, useState } from 'react'
import { Glyph } from '../parts/glyph.tsx'
import { strings } from '../strings.ts'
import { AgentLine } from './agent-line.tsx'
import { useRunTime } from './run-clock.ts'
import { RunHeader } from './run-header.tsx'
import { timelineOf } from './timeline.ts'

const words = strings.chat.run

/** A run as its log tells it: a header, and one line per agent with its tools. Folds when the run has ended. */
export const RunBlock = memo(function RunBlock({ run }: { run: RunView }) {
  const going = run.state !== 'finished'
  const [open, setOpen] = useState(going)
  useEffect(() => setOpen(going), [going])
  const items = timelineOf(run)
  const nowMs = useRunTime(run)
  const startMs = Date.parse(run.startedAt ?? run.acceptedAt)
  return (
    <section className="run" aria-label={words.label} data-state={run.state} data-outcome={run.outcome ?? ''}>
      <RunHeader run={run} nowMs={nowMs} open={open} onToggle={() => setOpen(!open)} foldable={items.length > 0} />
      {open && items.length > 0 && (
        <ol className="run-log">
          {items.map((item) =>
            item.kind === 'agent' ? (
              <AgentLine key={item.seq} item={item} startMs={startMs} nowMs={nowMs} />
            ) : (
              <li key={item.seq} className="void">
                <div className="line">
                  <span className="num t" />
                  <Glyph name="withdrawn" label={words.glyph.superseded} />
                  <span className="say">
                    <b>{item.stepId}</b> {words.attempt(item.attempt)}
                  </span>
                  <span className="why">{words.withdrawn(item.reason)}</span>
                  <span className="num" />
                </div>
              </li>
            ),
          )}
        </ol>
      )}
    </section>
  )
})
