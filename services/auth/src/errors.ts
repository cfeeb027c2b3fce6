import { AppError } from '@apex/kit/app-error'

/** Wrong e-mail or wrong password: the same for both, and for accounts that do not exist. */
export class InvalidCredentialsError extends AppError {
  override readonly name = 'InvalidCredentialsError'

  constructor() {
    super('unauthenticated', 'The e-mail or the password is wrong. Check both and try again.')
  }
}

/** Too many failures lately; the wait grows with each and always ends. */
export class TooManyAttemptsError extends AppError {
  override readonly name = 'TooManyAttemptsError'

  constructor(retryAfterMs: number) {
    const seconds = Math.ceil(retryAfterMs / 1_000)
    super('rate_limited', `Too many failed tries. Wait ${seconds} s, then try again.`, { retryAfterMs })
  }
}

/** A password that may not be chosen. */
export class WeakPasswordError extends AppError {
  override readonly name = 'WeakPasswordError'

  constructor(reason: string, path: string) {
    super('unprocessable', `This password cannot be used: it ${reason}. Choose another.`, {
      issues: [{ path, message: reason }],
    })
  }
}

/** A link that was good once. */
export class InvitationGoneError extends AppError {
  override readonly name = 'InvitationGoneError'
  readonly state: string

  constructor(state: 'accepted' | 'revoked' | 'expired') {
    const what = { accepted: 'was already used', revoked: 'was withdrawn', expired: 'has expired' }[state]
    super('gone', `This invitation ${what}. Ask for a new one.`)
    this.state = state
  }
}

/** A browser's request from a page that is not ours. */
export class OriginRefusedError extends AppError {
  override readonly name = 'OriginRefusedError'

  constructor() {
    super('origin_refused', 'The request comes from a page of another address. Open the product at its own address.')
  }
}
