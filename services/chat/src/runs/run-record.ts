import type { ReportKind } from '@apex/protocol/report'
import type { Run, RunOutcome } from '@apex/protocol/run'

/**
 * A run as it is stored.
 *
 *   queued ──slot free──▶ running ──conductor returns──▶ finished(completed)
 *     │                      ├──conductor fails, deadline──▶ finished(failed)
 *     └───────stop───────────┴──stop──▶ finished(stopped)
 */
export type RunRecord = {
  id: string
  threadId: string
  organizationId: string
  userId: string
  role: string
  messageId: string
  replyMessageId: string
  question: string
  correlationId: string
  state: 'queued' | 'running' | 'finished'
  waitingFor: string | null
  createdAt: Date
  startedAt: Date | null
  deadlineAt: Date
  finishedAt: Date | null
  outcome: RunOutcome | null
  reportKind: ReportKind | null
  finishedSeq: number | null
}

/** The run as the wire shows it. */
export function runView(run: RunRecord): Run {
  return {
    id: run.id,
    threadId: run.threadId,
    messageId: run.messageId,
    replyMessageId: run.replyMessageId,
    state: run.state,
    outcome: run.outcome,
    reportKind: run.reportKind,
    waitingFor: run.state === 'queued' ? run.waitingFor : null,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    deadlineAt: run.deadlineAt.toISOString(),
  }
}
