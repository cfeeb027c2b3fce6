import { createHash } from 'node:crypto'
import type { Clock } from '@apex/kit/clock'
import { TooManyAttemptsError } from '../errors.ts'
import { ipPrefix } from '../sessions/ip-prefix.ts'
import type { AttemptRule, AttemptStore } from './attempt-store.ts'

const minuteMs = 60_000

// The cap keeps a stranger from locking an account's owner out for good.
const accountRule: AttemptRule = { threshold: 5, baseMs: 2_000, capMs: 15 * minuteMs, forgetMs: 24 * 60 * minuteMs }
const addressRule: AttemptRule = { threshold: 30, baseMs: 2_000, capMs: 15 * minuteMs, forgetMs: 60 * minuteMs }

/** A try under way. Doing nothing with it leaves it counted as a failure. */
export type Attempt = {
  /** The proof was right: the account's failures are forgotten. */
  succeeded(): Promise<void>
  /** The try was never decided, for example because the service was too busy. */
  withdrawn(): Promise<void>
}

/** Slows guessing down, per account and per network. Accounts that do not exist are treated like those that do. */
export class SignInThrottle {
  readonly #store: AttemptStore
  readonly #clock: Clock

  constructor(store: AttemptStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Starts a try at a password; throws `TooManyAttemptsError` while account or network are blocked. */
  async begin(email: string, address: string | undefined): Promise<Attempt> {
    const accountKey = keyOf('account', email.toLowerCase())
    const addressKey = address && keyOf('address', ipPrefix(address))
    if (addressKey) await this.#count(addressKey, addressRule)
    await this.#count(accountKey, accountRule)
    const undoAddress = () => (addressKey ? this.#store.undo(addressKey) : Promise.resolve())
    return {
      succeeded: async () => {
        await this.#store.clear(accountKey)
        await undoAddress()
      },
      withdrawn: async () => {
        await this.#store.undo(accountKey)
        await undoAddress()
      },
    }
  }

  /** Counts a try at something that only a network can be blamed for, such as an unknown link. */
  async beginAnonymous(address: string | undefined): Promise<Pick<Attempt, 'succeeded'>> {
    if (!address) return { succeeded: () => Promise.resolve() }
    const key = keyOf('link', ipPrefix(address))
    await this.#count(key, addressRule)
    return { succeeded: () => this.#store.undo(key) }
  }

  async #count(key: string, rule: AttemptRule): Promise<void> {
    const waitMs = await this.#store.begin(key, rule, this.#clock.nowMs())
    if (waitMs > 0) throw new TooManyAttemptsError(waitMs)
  }
}

function keyOf(kind: string, value: string): string {
  return `${kind}:${createHash('sha256').update(value).digest('base64url')}`
}
