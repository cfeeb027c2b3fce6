import type { AgentName, ModelUsage } from '@apex/protocol/agent'
import type { Json } from '@apex/protocol/text'
import type { EventBody } from '@apex/protocol/thread-event'

/** The facts of the run an agent works for; the same in every replay. */
export type RunFacts = {
  runId: string
  threadId: string
  organizationId: string
  userId: string
  /** The message whose text the reply builds. */
  replyMessageId: string
  question: string
  /** Earlier turns of the branch, oldest first, without the question itself. */
  history: readonly { author: 'user' | 'assistant'; text: string }[]
  correlationId: string
  /** When the run started, the same in every replay. */
  startedAt: string
}

/** An event as an agent hands it over; the log adds position, ids, step, attempt and time. */
export type RunEventInput = EventBody & {
  agent?: AgentName
  invocationId?: string
  messageId?: string
  toolCallId?: string
  usage?: ModelUsage
}

/** One attempt of one durable step. */
export type StepContext = {
  attempt: number
  /** Aborted when the run is stopped, out of time, or the attempt has lost its fence. */
  signal: AbortSignal
  /** Commits events now; refused with StepFencedError once another attempt or the run's end has overtaken this one. */
  append(events: readonly RunEventInput[]): Promise<void>
}

/** What a step hands back: its result (JSON, replayed instead of acting again) and its last events, in one commit. */
export type StepOutcome<Result extends Json> = { result: Result; events?: readonly RunEventInput[] }

/**
 * What a conductor of agents may do with its run. Its body is replayed after a crash, so everything that acts, reads a
 * clock or makes an id happens inside a step.
 */
export type RunContext = {
  facts: RunFacts
  signal: AbortSignal
  /** Runs `body` at least once and its effects once; `stepId` is unique in the run and the same in every replay. */
  step<Result extends Json>(stepId: string, body: (step: StepContext) => Promise<StepOutcome<Result>>): Promise<Result>
  /** A test-only crash point: kills the process there when a test asked for it, else nothing. */
  crashPoint(name: string): void
}
