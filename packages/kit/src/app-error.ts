import { ERROR_STATUS, type ErrorCode, type Issue } from '@apex/protocol/error'

export type AppErrorOptions = {
  /** Whether the same request may succeed later; by default only for busy, unavailable, timeout and rate_limited. */
  retryable?: boolean
  retryAfterMs?: number
  /** Whether anything was charged before the failure. */
  charged?: boolean
  issues?: Issue[]
  cause?: unknown
}

const retryableCodes: readonly ErrorCode[] = ['rate_limited', 'busy', 'unavailable', 'timeout']

/**
 * An expected failure with its stable code. `message` is written for the person who reads it: what happened, what it
 * means, what to do. Subclasses override `name` and hold their facts as fields.
 */
export class AppError extends Error {
  override readonly name: string = 'AppError'
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly charged: boolean
  readonly issues: Issue[] | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? retryableCodes.includes(code)
    this.retryAfterMs = options.retryAfterMs
    this.charged = options.charged ?? false
    this.issues = options.issues
  }

  /** The HTTP status this code travels under. */
  get status(): number {
    return ERROR_STATUS[this.code]
  }
}

/** Nobody, or nobody we can verify, is asking. */
export class UnauthenticatedError extends AppError {
  override readonly name: string = 'UnauthenticatedError'

  constructor(message = 'Sign in to continue: the request carries no valid proof of who is asking.', options = {}) {
    super('unauthenticated', message, options)
  }
}

/** The caller's session was ended, so its tokens no longer count. */
export class SessionEndedError extends AppError {
  override readonly name: string = 'SessionEndedError'
  readonly sessionId: string

  constructor(sessionId: string) {
    super('session_ended', 'This session was ended. Sign in again to continue.')
    this.sessionId = sessionId
  }
}

/** The thing does not exist, or belongs to another organisation: callers cannot tell which. */
export class NotFoundError extends AppError {
  override readonly name: string = 'NotFoundError'

  constructor(what: string) {
    super('not_found', `There is no such ${what}. It may have been removed, or the address is wrong.`)
  }
}

/** The caller is known but may not do this. */
export class ForbiddenError extends AppError {
  override readonly name: string = 'ForbiddenError'

  constructor(message: string) {
    super('forbidden', message)
  }
}

/** Too much is going on; the same request will succeed later. */
export class BusyError extends AppError {
  override readonly name: string = 'BusyError'

  constructor(message: string, retryAfterMs = 1_000) {
    super('busy', message, { retryAfterMs })
  }
}

/** Something this service depends on does not answer. */
export class UnavailableError extends AppError {
  override readonly name: string = 'UnavailableError'

  constructor(message: string, options: AppErrorOptions = {}) {
    super('unavailable', message, { retryAfterMs: 2_000, ...options })
  }
}
