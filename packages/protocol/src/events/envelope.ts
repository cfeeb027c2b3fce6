import { z } from 'zod'
import { AgentName, ModelUsage } from '../agent.ts'
import { Id, Instant } from '../id.ts'

/** What every event of a thread's log carries beside its type and payload; absent where it does not apply. */
export const Envelope = z.object({
  /** Position in the thread, 1..n without holes. */
  seq: z.int().positive(),
  /** Changes only when the log is rebuilt or restored. */
  epoch: z.int().positive(),
  eventId: Id,
  threadId: Id,
  runId: Id.optional(),
  /** The durable step that appended it. */
  stepId: z.string().optional(),
  /** The attempt of that step, from 1. */
  attempt: z.int().positive().optional(),
  /** One call of an agent; agents may run in parallel and repeat. */
  invocationId: Id.optional(),
  agent: AgentName.optional(),
  messageId: Id.optional(),
  toolCallId: z.string().optional(),
  time: Instant,
  correlationId: z.string(),
  /** Tokens and money of the model call this event ends, if it ends one. */
  usage: ModelUsage.optional(),
})
export type Envelope = z.output<typeof Envelope>
