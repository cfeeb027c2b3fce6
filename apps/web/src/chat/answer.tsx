import type { RunView } from '@apex/client/run-view'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { loadPart } from '../app/load-part.ts'
import type { PublishedFigure } from '../evidence/evidence-panel.tsx'
import type { NumberedFigure } from '../markdown/numbered-figures.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Bone } from '../parts/skeleton.tsx'
import { PATHS } from '../paths.ts'
import { reportMarkdown } from '../reports/report-markdown.ts'
import { strings } from '../strings.ts'
import { replyOf } from './thread-figures.ts'

const words = strings.chat.answer

// Reading Markdown takes as much code as the rest of the room: it is asked for at once, and nobody waits for it.
const loading = loadPart(() => import('./answer-text.tsx'))
const AnswerText = lazy(async () => ({ default: (await loading).AnswerText }))

/** The reply as it streams, its figures as chips; a finished one can be copied and opened as a report. */
export function Answer({
  run,
  figures,
  open,
  onOpenFigure,
}: {
  run: RunView
  figures: readonly NumberedFigure[]
  open: string | undefined
  onOpenFigure: (figure: Pick<PublishedFigure, 'runId' | 'claim'>) => void
}) {
  const { text } = replyOf(run)
  if (text === '') return null
  const streaming = run.state === 'running'
  return (
    <div className="answer" data-run={run.runId}>
      <AnswerLabels run={run} />
      <div className={streaming ? 'prose streaming' : 'prose'} dir="auto">
        <Suspense fallback={<Unformatted text={text} />}>
          <AnswerText run={run} text={text} figures={figures} open={open} onOpenFigure={onOpenFigure} />
        </Suspense>
      </div>
      {!streaming && <AnswerFoot run={run} text={text} figures={figures.length} />}
    </div>
  )
}

function AnswerLabels({ run }: { run: RunView }) {
  const { report } = run
  const labelled = report && (report.kind !== 'full' || report.containsSampleData)
  if (!labelled) return null
  return (
    <p className="answer-labels">
      {report.kind !== 'full' && (
        <span className="pill" title={words.kindMeans[report.kind]}>
          {words.kind[report.kind]}
        </span>
      )}
      {report.containsSampleData && (
        <span className="pill warn" title={strings.sampleDataMeans}>
          {strings.sampleData}
        </span>
      )}
    </p>
  )
}

function AnswerFoot({ run, text, figures }: { run: RunView; text: string; figures: number }) {
  const { report } = run
  return (
    <div className="answer-foot">
      <CopyButton text={() => (report ? reportMarkdown(report) : text)} label={words.copy} />
      {report && (
        <Link className="ghost" to={PATHS.report} params={{ runId: run.runId }}>
          {words.report}
        </Link>
      )}
      {report && figures > 0 && <span className="covered">{words.covered(report.claims.length)}</span>}
    </div>
  )
}

/** The shape of a reply, as long as it cannot be drawn yet. */
function Unformatted({ text }: { text: string }) {
  const lines = Math.min(12, Math.ceil(text.length / 90))
  return (
    <div className="stack" aria-busy="true">
      {Array.from({ length: lines }, (_, line) => (
        <Bone key={line} width={line === lines - 1 ? '50%' : '100%'} />
      ))}
    </div>
  )
}
