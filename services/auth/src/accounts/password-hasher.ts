import { BusyError } from '@apex/kit/app-error'
import { hash, verify } from '@node-rs/argon2'

// OWASP's least for argon2id, which is algorithm 2 here: 19 MiB, two passes, one lane.
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export type PasswordHasherOptions = { maxConcurrent?: number; maxQueued?: number }

/** Argon2id with a bound on how many run at once, so that a flood of sign-ins cannot take the machine. */
export class PasswordHasher {
  readonly #maxConcurrent: number
  readonly #maxQueued: number
  readonly #queue: (() => void)[] = []
  #running = 0

  constructor({ maxConcurrent = 4, maxQueued = 32 }: PasswordHasherOptions = {}) {
    this.#maxConcurrent = maxConcurrent
    this.#maxQueued = maxQueued
  }

  /** Throws `BusyError` when too many hashes wait already. */
  hash(password: string): Promise<string> {
    return this.#run(() => hash(password, cost))
  }

  /** Whether the password belongs to the hash; `BusyError` as for `hash`. */
  verify(hashed: string, password: string): Promise<boolean> {
    return this.#run(() => verify(hashed, password))
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#maxConcurrent) this.#running += 1
    else await this.#wait()
    try {
      return await work()
    } finally {
      const next = this.#queue.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #wait(): Promise<void> {
    if (this.#queue.length >= this.#maxQueued) {
      throw new BusyError('Too many people are signing in at this moment. Try again in a few seconds.', 2_000)
    }
    return new Promise((resolve) => this.#queue.push(resolve))
  }
}
