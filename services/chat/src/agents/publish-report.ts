import type { Claim } from '@apex/protocol/claim'
import type { Report, ReportKind } from '@apex/protocol/report'
import { isOffline } from '../models/language-model.ts'
import { durableStep } from './durable-step.ts'
import { agentCompleted, type Invocation } from './invocation.ts'
import type { WrittenReport } from './reporter-step.ts'
import type { RunDesk } from './run-desk.ts'

/** What a report is besides its text. */
export type ReportFacts = {
  kind: ReportKind
  title: string
  unknowns: readonly string[]
  nextSteps: readonly string[]
  containsSampleData: boolean
}

const EVIDENCE_NOT_STORED =
  'The evidence of the figures could not be stored, so they cannot be asked again later; this report keeps a copy.'

/** Stores the claims of the written text, then publishes the report with them and completes the reporter. */
export async function publishReport(
  desk: RunDesk,
  invocation: Invocation,
  written: WrittenReport,
  facts: ReportFacts,
): Promise<ReportKind> {
  const { context, clock, model } = desk
  const claims = quotedClaims(desk, written)
  return await durableStep<ReportKind>(context, `${invocation.stepPrefix}/publish`, async (step) => {
    const stored = await storeClaims(desk, claims, step.signal)
    const kind = stored || facts.kind !== 'full' ? facts.kind : 'partial'
    const { runId, threadId, replyMessageId } = context.facts
    const report: Report = {
      runId,
      threadId,
      messageId: replyMessageId,
      kind,
      title: facts.title,
      text: written.text,
      figures: written.figures,
      claims,
      unknowns: stored ? [...facts.unknowns] : [...facts.unknowns, EVIDENCE_NOT_STORED],
      nextSteps: [...facts.nextSteps],
      model: model.modelId,
      offline: isOffline(model),
      containsSampleData: facts.containsSampleData,
      publishedAt: new Date(clock.nowMs()).toISOString(),
    }
    const { agent, id } = invocation
    const durationMs = clock.nowMs() - written.atMs
    return {
      result: kind,
      events: [
        { type: 'report_published', payload: { report }, agent, invocationId: id, messageId: replyMessageId },
        agentCompleted(invocation, { outcome: 'completed', summary: summaryOf(report), durationMs }),
      ],
    }
  })
}

/** The claims a text quotes, once each, in order of their first appearance. */
function quotedClaims(desk: RunDesk, { figures }: WrittenReport): Claim[] {
  const ids = [...new Set(figures.map(({ claimId }) => claimId))]
  return ids.flatMap((id) => desk.book.claim(id) ?? [])
}

async function storeClaims(desk: RunDesk, claims: readonly Claim[], signal: AbortSignal): Promise<boolean> {
  if (claims.length === 0) return true
  try {
    await desk.analytics.publishClaims(desk.context.facts.runId, claims, signal)
    return true
  } catch (error) {
    signal.throwIfAborted()
    desk.log.warn({ error }, 'claims could not be stored')
    return false
  }
}

function summaryOf({ kind, claims }: Report): string {
  const figures =
    claims.length === 0
      ? 'no figures'
      : claims.length === 1
        ? '1 figure, covered'
        : `${claims.length} figures, all covered`
  return `${kind} report, ${figures}`
}
