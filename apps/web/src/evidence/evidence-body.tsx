import type { Claim } from '@apex/protocol/claim'
import { useMutation } from '@tanstack/react-query'
import { Check, RefreshCw, TriangleAlert } from 'lucide-react'
import { useWorkspace } from '../app/app-context.tsx'
import { splitCents } from '../format/money.ts'
import { formatCount } from '../format/number.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { strings } from '../strings.ts'
import { type ClaimRerun, rerunClaim } from './claim-rerun.ts'
import { CoverageFact } from './coverage-fact.tsx'
import { describeRange, queryLines } from './query-lines.ts'
import { ReportLink } from './report-link.tsx'
import { RowsTable } from './rows-table.tsx'

/** Everything behind one figure: value, proof, query, rows, formula, coverage, versions; it can be asked again. */
export function EvidenceBody({
  claim,
  runId,
  link,
  sample,
  offersReport,
}: {
  claim: Claim
  runId: string
  /** The full address that opens this figure. */
  link: string
  /** Whether generated sample data is part of the report. */
  sample: boolean
  offersReport: boolean
}) {
  const { client } = useWorkspace()
  const rerun = useMutation({ mutationFn: () => rerunClaim(client, runId, claim) })
  const [large, small] = splitCents(claim.display)
  return (
    <div className="evidence-body">
      <div>
        <p className="figure-value">
          {large}
          <span className="cents">{small}</span>
        </p>
        <p className="second">{claim.label}</p>
        {sample && (
          <p className="pill warn" title={strings.sampleDataMeans}>
            {strings.sampleData}
          </p>
        )}
      </div>
      <Proof rerun={rerun.data} />
      {rerun.error && <ProblemNotice error={rerun.error} onRetry={() => rerun.mutate()} />}
      <Query claim={claim} />
      <section>
        <h3>{strings.evidence.rows}</h3>
        <RowsTable rows={claim.rows} rowCount={claim.rowCount} />
      </section>
      <section>
        <h3>{strings.evidence.formula}</h3>
        <p className="formula">{claim.formula}</p>
      </section>
      <Facts claim={claim} />
      <div className="actions">
        <button type="button" className="btn" disabled={rerun.isPending} onClick={() => rerun.mutate()}>
          <RefreshCw className="icon" aria-hidden="true" />
          {rerun.isPending ? strings.evidence.running : strings.evidence.runAgain}
        </button>
        <CopyButton text={link} label={strings.evidence.copyLink} />
        {offersReport && <ReportLink runId={runId} />}
      </div>
    </div>
  )
}

function Proof({ rerun }: { rerun: ClaimRerun | undefined }) {
  if (!rerun || rerun.result === 'same') {
    return (
      <output className="proof">
        <Check className="icon" aria-hidden="true" />
        {rerun ? strings.evidence.same : strings.evidence.published}
      </output>
    )
  }
  return (
    <output className="proof changed">
      <TriangleAlert className="icon" aria-hidden="true" />
      <span>
        {rerun.result === 'changed' ? strings.evidence.changed : strings.evidence.unanswerable}
        {rerun.display && `. ${strings.evidence.now(rerun.display)}`}
        {rerun.because.map((reason) => (
          <span key={reason} className="reason">
            {reason}
          </span>
        ))}
      </span>
    </output>
  )
}

function Query({ claim }: { claim: Claim }) {
  return (
    <section>
      <h3>{strings.evidence.query}</h3>
      <dl className="query">
        {queryLines(claim.question, claim.params).map(({ key, value }) => (
          <div key={`${key} ${value}`}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>time</dt>
          <dd>{describeRange(claim.params)}</dd>
        </div>
        <div>
          <dt>figure</dt>
          <dd>{claim.figureKey}</dd>
        </div>
      </dl>
    </section>
  )
}

function Facts({ claim }: { claim: Claim }) {
  return (
    <dl className="facts">
      <dt>{strings.evidence.exact}</dt>
      <dd>
        {claim.value} {claim.unit}
      </dd>
      <CoverageFact claim={claim} />
      <dt>{strings.evidence.priceBook}</dt>
      <dd>{claim.dataVersion.priceVersion}</dd>
      <dt>{strings.evidence.dataVersion}</dt>
      <dd>{strings.evidence.batch(claim.dataVersion.watermark, formatCount(claim.dataVersion.watermark))}</dd>
      <dt>{strings.evidence.claim}</dt>
      <dd>
        <code>{claim.id}</code>
      </dd>
    </dl>
  )
}
