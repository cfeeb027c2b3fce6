import type { Claim } from '@apex/protocol/claim'
import type { Answer, Question } from '@apex/protocol/question'

/** What agents need of the analytics service, for one run and its organisation. */
export type AnalyticsPort = {
  ask(question: Question, signal?: AbortSignal): Promise<Answer>
  /** Stores the claims of the run's report; storing the same again changes nothing. */
  publishClaims(runId: string, claims: readonly Claim[], signal?: AbortSignal): Promise<void>
}
