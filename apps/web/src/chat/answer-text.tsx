import type { RunView } from '@apex/client/run-view'
import { Tooltip } from 'radix-ui'
import { useCallback } from 'react'
import type { PublishedFigure } from '../evidence/evidence-panel.tsx'
import { FigureChip } from '../evidence/figure-chip.tsx'
import { type FigureRenderer, Markdown } from '../markdown/markdown.tsx'
import type { NumberedFigure } from '../markdown/numbered-figures.ts'

/** The words of a reply with its figures as chips; a chip can be pressed once the report with its claims is out. */
export function AnswerText({
  run,
  text,
  figures,
  open,
  onOpenFigure,
}: {
  run: RunView
  text: string
  figures: readonly NumberedFigure[]
  open: string | undefined
  onOpenFigure: (figure: Pick<PublishedFigure, 'runId' | 'claim'>) => void
}) {
  const claims = run.report?.claims
  const drawFigure: FigureRenderer = useCallback(
    ({ claimId, number, children }) => {
      const claim = claims?.find(({ id }) => id === claimId)
      return (
        <FigureChip
          claim={claim}
          claimId={claimId}
          number={number}
          open={open === claimId}
          onOpen={() => claim && onOpenFigure({ runId: run.runId, claim })}
        >
          {children}
        </FigureChip>
      )
    },
    [claims, open, onOpenFigure, run.runId],
  )
  return (
    <Tooltip.Provider delayDuration={250}>
      <Markdown text={text} figures={figures} figure={drawFigure} />
    </Tooltip.Provider>
  )
}
