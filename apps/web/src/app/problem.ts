import { ApiError, UnexpectedResponseError, UnreachableError } from '@apex/client/errors'
import { formatWait } from '../format/duration.ts'
import { strings } from '../strings.ts'

/** An error as a person reads it: what happened, what to do, and what to quote when asking for help. */
export type ProblemText = {
  title: string
  detail: string
  code: string
  requestId: string | undefined
  retryable: boolean
  charged: boolean
}

/** Words for anything a call can throw. */
export function describeProblem(error: unknown): ProblemText {
  if (error instanceof ApiError) {
    const wait = error.retryAfter ? ` ${strings.problem.tryAgainIn(formatWait(error.retryAfter))}` : ''
    return {
      title: error.title,
      detail: error.detail + wait,
      code: error.code,
      requestId: error.requestId || undefined,
      retryable: error.retryable,
      charged: error.charged,
    }
  }
  if (error instanceof UnreachableError) {
    return plain(strings.problem.awayTitle, strings.problem.away, error.code, true)
  }
  if (error instanceof UnexpectedResponseError) {
    return plain(strings.problem.versionTitle, strings.problem.version, error.code, false)
  }
  return plain(strings.problem.unknownTitle, strings.problem.unknown, 'internal', false)
}

function plain(title: string, detail: string, code: string, retryable: boolean): ProblemText {
  return { title, detail, code, requestId: undefined, retryable, charged: false }
}
