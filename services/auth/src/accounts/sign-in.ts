import { APIError } from 'better-auth/api'
import type { BetterAuth } from '../better-auth.ts'
import { InvalidCredentialsError, WeakPasswordError } from '../errors.ts'
import {
  type ActiveSession,
  type Device,
  libraryHeaders,
  type OpenedSession,
  type Sessions,
} from '../sessions/sessions.ts'
import type { SignInThrottle } from '../throttle/sign-in-throttle.ts'
import type { Account } from './account.ts'
import type { AccountStore } from './account-store.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { checkPassword } from './password-policy.ts'

export type SignInDependencies = {
  auth: BetterAuth
  accounts: AccountStore
  sessions: Sessions
  passwords: PasswordHasher
  throttle: SignInThrottle
}

export type Credentials = { email: string; password: string }

/** Everything that proves a password: signing in, joining with an existing account, changing it. */
export class SignIn {
  readonly #deps: SignInDependencies

  constructor(dependencies: SignInDependencies) {
    this.#deps = dependencies
  }

  /** Opens a session, or throws `InvalidCredentialsError`, `TooManyAttemptsError` or `BusyError`. */
  async open({ email, password }: Credentials, device: Device): Promise<OpenedSession> {
    const { auth, sessions } = this.#deps
    return this.#throttled(email, device, async () => {
      if (!isPlausible({ email, password })) await this.#spendOneHash()
      return sessions.open({ device }, () => auth.api.signInEmail({ body: { email: email.trim(), password } }))
    })
  }

  /** The account of right credentials; throws as `open` does, and takes as long for an unknown account. */
  async prove({ email, password }: Credentials, device: Device): Promise<Account> {
    const { accounts, passwords } = this.#deps
    return this.#throttled(email, device, async () => {
      const account = await accounts.findByEmail(email)
      if (!account) return this.#spendOneHash()
      if (!(await passwords.verify(account.passwordHash, password))) throw new InvalidCredentialsError()
      return account
    })
  }

  /** Changes the password of the session's person and ends their other sessions. */
  async changePassword(
    session: ActiveSession,
    { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
    device: Device,
  ): Promise<void> {
    const { auth, sessions } = this.#deps
    const { email } = session.user
    checkPassword(newPassword, { email, path: 'body.newPassword' })
    if (newPassword === currentPassword) throw new WeakPasswordError('is the one you have now', 'body.newPassword')
    await this.#throttled(email, device, async () => {
      if (!isPlausible({ email, password: currentPassword })) return this.#spendOneHash()
      return auth.api.changePassword({
        body: { currentPassword, newPassword },
        headers: libraryHeaders(session.tokenHash),
      })
    })
    await sessions.endOthers(session)
  }

  async #throttled<T>(email: string, device: Device, work: () => Promise<T>): Promise<T> {
    const attempt = await this.#deps.throttle.begin(email.trim(), device.address)
    try {
      const result = await work()
      await attempt.succeeded()
      return result
    } catch (error) {
      if (isWrongPassword(error)) throw new InvalidCredentialsError()
      await attempt.withdrawn()
      throw error
    }
  }

  // The same work as for a real account, so that time does not tell whether there is one.
  async #spendOneHash(): Promise<never> {
    await this.#deps.passwords.hash('a password of nobody')
    throw new InvalidCredentialsError()
  }
}

// What the library would refuse with an answer of its own.
function isPlausible({ email, password }: Credentials): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) && password.length > 0 && password.length <= 128
}

function isWrongPassword(error: unknown): boolean {
  if (error instanceof InvalidCredentialsError) return true
  return (
    error instanceof APIError &&
    (error.statusCode === 401 || error.body?.code === 'INVALID_PASSWORD' || error.body?.code === 'INVALID_EMAIL')
  )
}
