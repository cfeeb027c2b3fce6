import { z } from 'zod'
import { Id, Instant } from './id.ts'
import { ReportKind } from './report.ts'

export const RunOutcome = z.enum(['completed', 'stopped', 'failed'])
export type RunOutcome = z.output<typeof RunOutcome>

/** A run as derived from its lease and log. */
export const Run = z.object({
  id: Id,
  threadId: Id,
  /** The message that asked. */
  messageId: Id,
  /** The message that answers. */
  replyMessageId: Id,
  state: z.enum(['queued', 'running', 'finished']),
  outcome: RunOutcome.nullable(),
  reportKind: ReportKind.nullable(),
  /** Why it waits, for a person; null unless queued. */
  waitingFor: z.string().nullable(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  deadlineAt: Instant,
})
export type Run = z.output<typeof Run>
