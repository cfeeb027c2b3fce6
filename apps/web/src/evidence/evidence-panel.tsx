import type { Claim } from '@apex/protocol/claim'
import { ChevronLeft, ChevronRight, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { strings } from '../strings.ts'
import { EvidenceBody } from './evidence-body.tsx'

/** A published figure with where it comes from and the number its chip carries. */
export type PublishedFigure = { claim: Claim; runId: string; number: number; sample: boolean }

/**
 * The panel beside a text, a sheet over it on small screens. Focus moves in when a figure opens and back to its chip
 * when the panel closes; the text beside it stays usable, so it is no modal dialog.
 */
export function EvidencePanel({
  figures,
  open,
  onOpen,
  onClose,
  linkOf,
  extra,
}: {
  figures: readonly PublishedFigure[]
  /** The open figure's place in `figures`; -1 when it is not among them. */
  open: number
  onOpen: (figure: PublishedFigure) => void
  onClose: () => void
  linkOf: (figure: PublishedFigure) => string
  extra?: (figure: PublishedFigure) => React.ReactNode
}) {
  const panel = useRef<HTMLElement>(null)
  const figure = figures[open]
  const previous = figures[open - 1]
  const next = open === -1 ? undefined : figures[open + 1]

  useEffect(() => {
    panel.current?.focus({ preventScroll: true })
  }, [])

  useEffect(() => {
    panel.current?.querySelector('.evidence-body')?.scrollTo(0, 0)
  }, [open])

  return (
    <aside
      className="evidence"
      id="evidence"
      aria-label={strings.evidence.title}
      ref={panel}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      <div className="evidence-head">
        <h2>{strings.evidence.title}</h2>
        {figure && <span className="step">{strings.evidence.step(open + 1, figures.length)}</span>}
        <StepButton label={strings.evidence.previous} figure={previous} onOpen={onOpen} icon={ChevronLeft} />
        <StepButton label={strings.evidence.next} figure={next} onOpen={onOpen} icon={ChevronRight} />
        <button type="button" className="ghost square" aria-label={strings.evidence.close} onClick={onClose}>
          <X className="icon" aria-hidden="true" />
        </button>
      </div>
      {figure ? (
        <EvidenceBody
          key={`${figure.runId} ${figure.claim.id}`}
          claim={figure.claim}
          runId={figure.runId}
          sample={figure.sample}
          link={linkOf(figure)}
          extra={extra?.(figure)}
        />
      ) : (
        <p className="evidence-body second">{strings.evidence.notFound}</p>
      )}
    </aside>
  )
}

function StepButton({
  label,
  figure,
  onOpen,
  icon: Icon,
}: {
  label: string
  figure: PublishedFigure | undefined
  onOpen: (figure: PublishedFigure) => void
  icon: typeof ChevronLeft
}) {
  return (
    <button
      type="button"
      className="ghost square"
      aria-label={label}
      disabled={!figure}
      onClick={() => figure && onOpen(figure)}
    >
      <Icon className="icon" aria-hidden="true" />
    </button>
  )
}
