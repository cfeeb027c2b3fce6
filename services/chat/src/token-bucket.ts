import type { Clock } from '@apex/kit/clock'

export type BucketOptions = { capacity: number; perSecond: number; clock: Clock }

/** Lets `capacity` through at once and `perSecond` in the long run. */
export class TokenBucket {
  readonly #options: BucketOptions
  #tokens: number
  #atMs: number

  constructor(options: BucketOptions) {
    this.#options = options
    this.#tokens = options.capacity
    this.#atMs = options.clock.nowMs()
  }

  /** Takes `count`; returns 0, or the milliseconds until so many will be there. */
  take(count = 1): number {
    this.#refill()
    if (this.#tokens >= count) {
      this.#tokens -= count
      return 0
    }
    return Math.ceil(((count - this.#tokens) / this.#options.perSecond) * 1_000)
  }

  /** Whether nothing is remembered of it, so that it may be forgotten. */
  get full(): boolean {
    this.#refill()
    return this.#tokens >= this.#options.capacity
  }

  #refill(): void {
    const { capacity, clock, perSecond } = this.#options
    const nowMs = clock.nowMs()
    const gained = (Math.max(0, nowMs - this.#atMs) / 1_000) * perSecond
    this.#tokens = Math.min(capacity, this.#tokens + gained)
    this.#atMs = nowMs
  }
}

/** A bucket per key, forgotten when full. */
export class TokenBuckets {
  readonly #options: BucketOptions
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(options: BucketOptions) {
    this.#options = options
  }

  take(key: string): number {
    if (this.#buckets.size > 10_000) this.#prune()
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#options)
    this.#buckets.set(key, bucket)
    return bucket.take()
  }

  #prune(): void {
    for (const [key, bucket] of this.#buckets) if (bucket.full) this.#buckets.delete(key)
  }
}
