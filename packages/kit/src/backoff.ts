import { type Clock, systemClock } from './clock.ts'

export type Backoff = {
  /** Upper bound of the first delay. */
  baseMs: number
  /** No delay exceeds this. */
  capMs: number
  /** Returns a number in [0, 1). */
  random?: () => number
}

/** Full jitter: a random delay below min(cap, base x 2^attempt); the first attempt is 0. */
export function backoffDelayMs(attempt: number, { baseMs, capMs, random = Math.random }: Backoff): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 52))
  return Math.floor(random() * ceiling)
}

export type RetryOptions = Backoff & {
  /** Total tries, the first included. */
  attempts: number
  /** Says whether an error deserves another try; all do by default. */
  retryable?: (error: unknown) => boolean
  clock?: Clock
  signal?: AbortSignal
}

/** Runs `work` until it succeeds, the tries are used up, or an error is final; rejects with the last error. */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, retryable = () => true, clock = systemClock, signal } = options
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work(attempt)
    } catch (error) {
      if (attempt + 1 >= attempts || !retryable(error)) throw error
      await clock.sleep(backoffDelayMs(attempt, options), signal)
    }
  }
}
