import { Recheck } from '../evidence/recheck-figures.ts'
import { createCheckFigures } from '../tools/check-figures.ts'
import type { AgentEnd, MadeCall } from './agent-loop.ts'
import { analysis } from './analysis.ts'
import { apexOptimizer } from './apex-optimizer.ts'
import type { Conductor } from './conductor.ts'
import { dataHelper } from './data-helper.ts'
import type { RunDesk } from './run-desk.ts'
import type { RunFindings } from './run-findings.ts'
import type { RoutableAgent } from './supervisor.ts'
import { CHECK_FIGURES, validation } from './validation.ts'

/** Lets one agent of the route do its part; what it cannot do becomes a stated gap. */
export async function workAgent(conductor: Conductor, findings: RunFindings, agent: RoutableAgent): Promise<void> {
  const { question } = conductor.desk.context.facts
  const { triage } = findings
  switch (agent) {
    case 'data-helper':
      findings.dataHelp = take(
        findings,
        await conductor.run(dataHelper, { question, triage, ...coverage(findings, conductor.desk) }),
      )
      return
    case 'analysis':
      findings.analysis = take(findings, await conductor.run(analysis, { question, triage }), conductor.desk)
      return
    case 'apex-optimizer': {
      const observations = findings.analysis?.observations ?? []
      const input = { question, triage, observations, topModel: topModel(conductor.desk) }
      findings.optimizer = take(findings, await conductor.run(apexOptimizer, input), conductor.desk)
      return
    }
    case 'validation':
      await validate(conductor, findings)
      return
    case 'reporter':
      // It writes last, from everything the others found.
      return
  }
}

function take<Output>(findings: RunFindings, end: AgentEnd<Output>, desk?: RunDesk): Output | null {
  if (desk && end.toolCalls.some((call) => !call.end.outcome.ok)) noteFailures(findings, end.toolCalls, desk)
  if (end.outcome === 'completed') return end.output
  findings.failed = true
  return null
}

/** A tool that failed and was not called with success afterwards leaves something unknown. */
export function noteFailures(findings: RunFindings, calls: readonly MadeCall[], desk: RunDesk): void {
  for (const { tool, end } of calls) {
    if (end.outcome.ok || calls.some((other) => other.tool === tool && other.end.outcome.ok)) continue
    findings.failed = true
    const { code, title, detail } = end.outcome.problem
    const failed = `What ${tool.replaceAll('_', ' ')} would have shown: it failed (${lowerFirst(title)}).`
    // An unprocessable question says itself what is wrong with it.
    desk.addUnknown(code === 'unprocessable' ? detail : failed)
  }
}

function coverage(findings: RunFindings, desk: RunDesk) {
  const checks = desk.book.evidence().filter(({ question }) => question === 'data_sufficiency')
  const all = checks[0]?.coverage
  const covered = all?.from && all.to ? { from: all.from, to: all.to } : null
  return { gaps: findings.gaps, hasData: (all?.calls ?? 0) > 0, covered }
}

/** The model most money goes to: the first row of the breakdown by model that has a name. */
function topModel(desk: RunDesk): string | null {
  const breakdown = desk.book
    .evidence()
    .find(({ question, params }) => question === 'breakdown' && params['by'] === 'model')
  const named = breakdown?.rows.find((row) => row['rest'] !== true && row['model'] !== '')?.['model']
  return typeof named === 'string' ? named : null
}

async function validate(conductor: Conductor, findings: RunFindings): Promise<void> {
  const { desk } = conductor
  // The overview has the same figures; asking for them twice would only cost time.
  if (desk.book.questions().some(({ question }) => question === 'overview')) desk.book.dropQuestion('data_sufficiency')
  const claims = desk.book.claims()
  if (claims.length === 0) return
  const end = await conductor.run(
    validation,
    { question: desk.context.facts.question },
    { extraTools: [createCheckFigures(claims)] },
  )
  const check = end.toolCalls.find(({ tool }) => tool === CHECK_FIGURES)?.end.outcome
  const recheck = check?.ok ? Recheck.safeParse(check.result.data) : undefined
  if (!recheck?.success) {
    findings.failed = true
    desk.addUnknown('Whether the figures come out the same a second time: the check itself failed.')
    return
  }
  applyRecheck(desk, findings, recheck.data)
}

/** Withdraws what differs, takes over newer data, and states what could not be checked. */
function applyRecheck(desk: RunDesk, findings: RunFindings, { mismatches, refreshed, unreachable }: Recheck): void {
  for (const { claimId, reason } of mismatches) {
    desk.log.error({ claimId, reason }, 'a figure did not come out the same and is withdrawn')
    desk.book.drop(claimId)
  }
  if (mismatches.length > 0) {
    findings.failed = true
    desk.addUnknown('Some figures did not come out the same when asked again; they are withdrawn from this answer.')
  }
  for (const answer of refreshed) desk.book.add(answer)
  if (unreachable.length > 0) {
    findings.failed = true
    desk.addUnknown('Some figures could not be asked a second time before publication.')
  }
  const versions = new Set(desk.book.claims().map(({ dataVersion }) => JSON.stringify(dataVersion)))
  if (versions.size > 1) {
    desk.addUnknown('Data arrived while this answer was made, so its figures are of more than one state of the data.')
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
