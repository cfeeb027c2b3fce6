import { BusyError } from './app-error.ts'

export type PoolShareOptions = {
  /** Connections of the pool. */
  max: number
  /** The most one user may use at once, as a part of `max`; at least one connection. */
  fraction?: number
  /** Requests of one user that may wait for a place. */
  maxQueuedPerUser?: number
  /** How long one waits before it is refused. */
  maxWaitMs?: number
}

type Waiter = { admit: () => void }
type Share = { active: number; queue: Waiter[] }

/** Lets one user hold only a part of a pool, so that nobody's load becomes everybody's outage. */
export class PoolShare {
  readonly #limit: number
  readonly #maxQueued: number
  readonly #maxWaitMs: number
  readonly #shares = new Map<string, Share>()

  constructor({ max, fraction = 0.25, maxQueuedPerUser = 32, maxWaitMs = 5_000 }: PoolShareOptions) {
    this.#limit = Math.max(1, Math.floor(max * fraction))
    this.#maxQueued = maxQueuedPerUser
    this.#maxWaitMs = maxWaitMs
  }

  /** Runs `work` once the user has a place; throws `BusyError` when the queue is full or the wait too long. */
  async run<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const share = this.#shares.get(userId) ?? { active: 0, queue: [] }
    this.#shares.set(userId, share)
    if (share.active < this.#limit) share.active += 1
    else await this.#wait(share)
    try {
      return await work()
    } finally {
      this.#release(userId, share)
    }
  }

  /** Users with work, how much of it runs and how much waits. */
  stats(): { users: number; active: number; waiting: number } {
    const shares = [...this.#shares.values()]
    return {
      users: shares.length,
      active: shares.reduce((sum, each) => sum + each.active, 0),
      waiting: shares.reduce((sum, each) => sum + each.queue.length, 0),
    }
  }

  #wait(share: Share): Promise<void> {
    if (share.queue.length >= this.#maxQueued) throw tooMany()
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        admit: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const timer = setTimeout(() => {
        share.queue.splice(share.queue.indexOf(waiter), 1)
        reject(tooMany())
      }, this.#maxWaitMs)
      share.queue.push(waiter)
    })
  }

  // A place passes straight to the next in line, so a newcomer cannot take it in between.
  #release(userId: string, share: Share): void {
    const next = share.queue.shift()
    if (next) return next.admit()
    share.active -= 1
    if (share.active === 0) this.#shares.delete(userId)
  }
}

function tooMany(): BusyError {
  return new BusyError('Too many of your requests are running at once. Wait for some to finish, then try again.')
}
