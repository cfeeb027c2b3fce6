import type { ErrorCode, Problem } from '@apex/protocol/error'
import { AppError, UnavailableError } from '../app-error.ts'

const titles: Record<ErrorCode, string> = {
  invalid_request: 'The request is not valid',
  unauthenticated: 'Not signed in',
  session_ended: 'The session has ended',
  forbidden: 'Not allowed',
  origin_refused: 'The origin is not allowed',
  not_found: 'Not found',
  method_not_allowed: 'The method is not allowed here',
  conflict: 'Conflict with the current state',
  idempotency_mismatch: 'The same key was used for another request',
  gone: 'No longer available',
  too_large: 'Too large',
  unsupported_media_type: 'The media type is not supported',
  unprocessable: 'Not accepted',
  rate_limited: 'Too many requests',
  busy: 'Too busy at the moment',
  unavailable: 'Temporarily unavailable',
  timeout: 'It took too long',
  internal: 'Something failed on our side',
}

// SQLSTATE classes and client codes which mean that the database cannot be used right now.
const databaseAway =
  /^(?:08\w{3}|57P0[123]|53\w{3}|CONNECT_TIMEOUT|CONNECTION_(?:CLOSED|ENDED|DESTROYED)|ECONN(?:REFUSED|RESET)|EPIPE)$/
const databaseTooSlow = /^(?:57014|25P03|25P04)$/

/** Any thrown value as an `AppError`: expected ones as they are, the rest wrapped once as the code a caller may see. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code === 'string' && databaseAway.test(code)) {
    return new UnavailableError('The database does not answer. Nothing was changed; try again in a moment.', {
      cause: error,
    })
  }
  if (typeof code === 'string' && databaseTooSlow.test(code)) {
    return new AppError('timeout', 'The database took too long. Nothing was changed; try again.', { cause: error })
  }
  return new AppError(
    'internal',
    'An unexpected error was recorded under the request id. Try again, or report the id.',
    {
      cause: error,
    },
  )
}

/** The one error body for a caller; an unexpected error tells nothing of its cause. */
export function problemOf(error: AppError, requestId: string): Problem {
  return {
    type: `urn:apex:problem:${error.code}`,
    code: error.code,
    status: error.status,
    title: titles[error.code],
    detail: error.message,
    retryable: error.retryable,
    ...(error.retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(error.retryAfterMs / 1_000) }),
    charged: error.charged,
    requestId,
    ...(error.issues === undefined ? {} : { issues: error.issues }),
  }
}

/** The error as an HTTP answer with the headers that belong to its code. */
export function problemResponse(error: AppError, requestId: string): Response {
  const problem = problemOf(error, requestId)
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  if (problem.retryAfter !== undefined) headers.set('retry-after', String(problem.retryAfter))
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer')
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}
