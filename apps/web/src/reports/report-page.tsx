import { GetReport } from '@apex/protocol/endpoints/chat/get-report'
import type { Report } from '@apex/protocol/report'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Tooltip } from 'radix-ui'
import { useCallback, useMemo } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { EvidencePanel, type PublishedFigure } from '../evidence/evidence-panel.tsx'
import { FigureChip } from '../evidence/figure-chip.tsx'
import { formatDateTime } from '../format/instant.ts'
import { formatCount } from '../format/number.ts'
import { type FigureRenderer, Markdown } from '../markdown/markdown.tsx'
import { type NumberedFigure, numberFigures } from '../markdown/numbered-figures.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { NotFoundOr } from '../parts/not-found.tsx'
import { usePageTitle } from '../parts/page-title.ts'
import { saveBlob } from '../parts/save-blob.ts'
import { SkeletonDocument } from '../parts/skeleton.tsx'
import { figureLink, figureParam, PATHS, parseFigureParam } from '../paths.ts'
import { strings } from '../strings.ts'
import '../styles/document.css'
import '../styles/evidence.css'
import { ReportClaims } from './report-claims.tsx'
import { reportMarkdown } from './report-markdown.ts'

const words = strings.evidence.report

/** A published report as a document: text with its figures, gaps, next steps, and the list of its evidence. */
export function ReportPage() {
  const { client } = useWorkspace()
  const { runId = '' }: { runId?: string } = useParams({ strict: false })
  const { data, error, refetch } = useQuery({
    queryKey: ['report', runId],
    queryFn: ({ signal }) => client.call(GetReport, { params: { runId }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error) return <NotFoundOr error={error} onRetry={() => void refetch()} />
  if (!data) return <SkeletonDocument />
  return <ReportDocument report={data.report} />
}

function ReportDocument({ report }: { report: Report }) {
  usePageTitle(report.title)
  const numbered = useMemo(() => numberFigures(report.figures), [report])
  const published = useMemo(() => publishedFigures(report, numbered), [report, numbered])
  const [openId, open] = useOpenClaim(report.runId)
  return (
    <div className="doc-frame">
      <main className="doc" id="main" tabIndex={-1}>
        <article>
          <header>
            <p>
              {words.kicker(strings.chat.answer.kind[report.kind], formatDateTime(report.publishedAt))}
              <Labels report={report} />
            </p>
            <h1>{report.title}</h1>
          </header>
          <ReportText report={report} numbered={numbered} openId={openId} onOpen={open} />
          <Gaps report={report} />
          <ReportClaims published={published} onOpen={({ claim }) => open(claim.id)} />
          <footer>
            {words.footer(formatDateTime(report.publishedAt))} <code>{report.runId}</code>
          </footer>
        </article>
      </main>
      <About report={report} />
      {openId && (
        <EvidencePanel
          figures={published}
          open={published.findIndex(({ claim }) => claim.id === openId)}
          onOpen={({ claim }) => open(claim.id)}
          onClose={() => open(undefined)}
          linkOf={({ runId, claim }) =>
            figureLink(window.location.origin, report.threadId, { runId, claimId: claim.id })
          }
          offersReport={false}
        />
      )}
    </div>
  )
}

/** The claim whose evidence is open, kept in the address, and how to open another. */
function useOpenClaim(runId: string) {
  const navigate = useNavigate()
  const search: { figure?: string } = useSearch({ strict: false })
  const open = useCallback(
    (claimId: string | undefined) => {
      const figure = claimId ? figureParam({ runId, claimId }) : undefined
      void navigate({ to: PATHS.report, params: { runId }, search: { figure }, replace: true, resetScroll: false })
    },
    [navigate, runId],
  )
  return [parseFigureParam(search.figure)?.claimId, open] as const
}

function ReportText({
  report,
  numbered,
  openId,
  onOpen,
}: {
  report: Report
  numbered: readonly NumberedFigure[]
  openId: string | undefined
  onOpen: (claimId: string) => void
}) {
  const drawFigure: FigureRenderer = useCallback(
    ({ claimId, number, children }) => (
      <FigureChip
        claim={report.claims.find(({ id }) => id === claimId)}
        claimId={claimId}
        number={number}
        open={openId === claimId}
        onOpen={() => onOpen(claimId)}
      >
        {children}
      </FigureChip>
    ),
    [report, onOpen, openId],
  )
  return (
    <div className="prose">
      <Tooltip.Provider delayDuration={250}>
        <Markdown text={report.text} figures={numbered} figure={drawFigure} />
      </Tooltip.Provider>
    </div>
  )
}

/** What a reader has to know about a report before believing it. */
function Labels({ report }: { report: Report }) {
  return (
    <>
      {report.offline && (
        <span className="pill" title={strings.offlineAnalystMeans}>
          {strings.offlineAnalyst}
        </span>
      )}
      {report.containsSampleData && (
        <span className="pill warn" title={strings.sampleDataMeans}>
          {strings.sampleData}
        </span>
      )}
    </>
  )
}

// Reports written before a reader asks carry their gaps and steps in the text too; the lists are for those that do not.
function Gaps({ report }: { report: Report }) {
  const absent = (items: readonly string[]) => items.filter((item) => !report.text.includes(item))
  const unknowns = absent(report.unknowns)
  const steps = absent(report.nextSteps)
  return (
    <>
      {unknowns.length > 0 && (
        <section aria-labelledby="unknown">
          <h2 id="unknown">{words.unknown}</h2>
          <ul className="gaps">
            {unknowns.map((unknown) => (
              <li key={unknown}>{unknown}</li>
            ))}
          </ul>
        </section>
      )}
      {steps.length > 0 && (
        <section aria-labelledby="next">
          <h2 id="next">{words.nextSteps}</h2>
          <ol className="steps">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
      )}
    </>
  )
}

function About({ report }: { report: Report }) {
  return (
    <aside className="doc-side" aria-label={words.about}>
      <div className="actions">
        <button type="button" className="btn" onClick={() => window.print()}>
          {words.print}
        </button>
        <CopyButton className="btn" text={() => reportMarkdown(report)} label={words.copyMarkdown} />
        <button type="button" className="btn" onClick={() => download(report)}>
          {words.download}
        </button>
      </div>
      <dl>
        <dt>{words.kind}</dt>
        <dd title={strings.chat.answer.kindMeans[report.kind]}>{strings.chat.answer.kind[report.kind]}</dd>
        <dt>{words.figures}</dt>
        <dd>{words.covered(formatCount(report.claims.length))}</dd>
        <dt>{words.by}</dt>
        <dd>{report.offline ? strings.offlineAnalyst : report.model}</dd>
        <dt>{words.published}</dt>
        <dd>{formatDateTime(report.publishedAt)}</dd>
      </dl>
      <Link to={PATHS.thread} params={{ threadId: report.threadId }}>
        {words.openThread}
      </Link>
    </aside>
  )
}

function publishedFigures(report: Report, numbered: readonly NumberedFigure[]): PublishedFigure[] {
  const byClaim = new Map(numbered.map((figure) => [figure.claimId, figure.number]))
  return report.claims
    .map((claim) => ({
      claim,
      runId: report.runId,
      number: byClaim.get(claim.id) ?? byClaim.size + 1,
      sample: report.containsSampleData,
    }))
    .toSorted((a, b) => a.number - b.number)
}

function download(report: Report) {
  const name = report.title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60) || 'report'
  saveBlob(new Blob([reportMarkdown(report)], { type: 'text/markdown' }), `${name}.md`)
}
