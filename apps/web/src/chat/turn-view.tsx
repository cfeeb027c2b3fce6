import type { Turn } from '@apex/client/thread-view'
import { memo } from 'react'
import type { PublishedFigure } from '../evidence/evidence-panel.tsx'
import { formatDateTime, formatTime } from '../format/instant.ts'
import type { NumberedFigure } from '../markdown/numbered-figures.ts'
import { RunBlock } from '../run/run-block.tsx'
import { RunEnd } from '../run/run-end.tsx'
import { Answer } from './answer.tsx'

/** A question, the run that answers it as its log tells it, and the answer. */
export const TurnView = memo(function TurnView({
  turn: { question, run },
  figures,
  isLast,
  open,
  onOpenFigure,
  onAsk,
}: {
  turn: Turn
  figures: readonly NumberedFigure[]
  isLast: boolean
  /** The claim whose evidence is open, if it is one of this turn. */
  open: string | undefined
  onOpenFigure: (figure: Pick<PublishedFigure, 'runId' | 'claim'>) => void
  onAsk: (text: string) => void
}) {
  return (
    <article
      className="turn"
      aria-label={question.text.slice(0, 120)}
      aria-busy={run !== null && run.state !== 'finished'}
      data-run-state={run?.outcome ?? run?.state}
    >
      <div className="said">
        <p dir="auto">{question.text}</p>
        <time className="meta" dateTime={question.time} title={formatDateTime(question.time)}>
          {formatTime(question.time)}
        </time>
      </div>
      {run && (
        <>
          <RunBlock run={run} />
          <Answer run={run} figures={figures} open={open} onOpenFigure={onOpenFigure} />
          <RunEnd run={run} {...(isLast && { onAskAgain: () => onAsk(question.text) })} />
        </>
      )}
    </article>
  )
})
