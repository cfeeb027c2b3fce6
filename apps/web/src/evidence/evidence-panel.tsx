import type { Claim } from '@apex/protocol/claim'
import { ChevronLeft, ChevronRight, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useEscape } from '../parts/use-escape.ts'
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
  offersReport,
}: {
  figures: readonly PublishedFigure[]
  /** The open figure's place in `figures`; -1 when it is not among them. */
  open: number
  onOpen: (figure: PublishedFigure) => void
  onClose: () => void
  linkOf: (figure: PublishedFigure) => string
  /** Whether a way to the report is worth showing; it is not inside the report itself. */
  offersReport: boolean
}) {
  const panel = useRef<HTMLElement>(null)
  useEscape(panel, onClose)
  useEffect(() => {
    panel.current?.focus({ preventScroll: true })
  }, [])
  const figure = figures[open]
  return (
    <aside className="evidence" id="evidence" aria-label={strings.evidence.title} ref={panel} tabIndex={-1}>
      <div className="evidence-head">
        <h2>{strings.evidence.title}</h2>
        {figure && <Steps figures={figures} open={open} onOpen={onOpen} />}
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
          offersReport={offersReport}
        />
      ) : (
        <p className="evidence-body second">{strings.evidence.notFound}</p>
      )}
    </aside>
  )
}

function Steps({
  figures,
  open,
  onOpen,
}: {
  figures: readonly PublishedFigure[]
  open: number
  onOpen: (figure: PublishedFigure) => void
}) {
  return (
    <>
      <span className="step">{strings.evidence.step(open + 1, figures.length)}</span>
      <StepButton label={strings.evidence.previous} figure={figures[open - 1]} onOpen={onOpen} icon={ChevronLeft} />
      <StepButton label={strings.evidence.next} figure={figures[open + 1]} onOpen={onOpen} icon={ChevronRight} />
    </>
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
