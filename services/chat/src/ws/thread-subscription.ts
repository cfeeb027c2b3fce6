import type { ServerFrame } from '@apex/protocol/frame'
import type { FeedListener } from './thread-feed.ts'
import type { FeedLease } from './thread-feeds.ts'

/** Where a subscription writes. */
export type SubscriptionOutlet = {
  readonly writable: boolean
  send(frame: ServerFrame): void
  sendReady(frame: string): void
}

const RETRY_MS = 500

/**
 * One viewer's reading of one thread: a position and nothing else. It reads on whenever there is more and the socket
 * takes it; replay and live are the same path.
 */
export class ThreadSubscription implements FeedListener {
  readonly stream: string
  readonly #lease: FeedLease
  readonly #outlet: SubscriptionOutlet
  readonly #unlisten: () => void
  #cursor: number
  #live = false
  #ended = false
  #pumping = false
  /** Asked to read while it was reading: what it found may already be out of date. */
  #asked = false
  #retry: NodeJS.Timeout | undefined

  constructor({
    stream,
    lease,
    outlet,
    after,
  }: { stream: string; lease: FeedLease; outlet: SubscriptionOutlet; after: number }) {
    this.stream = stream
    this.#lease = lease
    this.#outlet = outlet
    this.#cursor = after
    this.#unlisten = lease.feed.listen(this)
  }

  get head(): number {
    return this.#lease.feed.head.seq
  }

  advanced(): void {
    void this.pump()
  }

  gone(): void {
    this.end()
    const state = { stream: this.stream, epoch: 0, head: 0, state: 'denied' } as const
    this.#outlet.send({ kind: 'subscribed', streams: [state] })
  }

  rebuilt(epoch: number): void {
    this.end()
    this.#outlet.send({ kind: 'reset', stream: this.stream, epoch, reason: 'The conversation was rebuilt.' })
  }

  /** Sends what there is as long as the socket takes it. */
  async pump(): Promise<void> {
    this.#asked = true
    if (this.#pumping) return
    this.#pumping = true
    try {
      while (this.#asked && !this.#ended && this.#outlet.writable) {
        this.#asked = false
        if (await this.#sendNext()) this.#asked = true
      }
    } catch {
      // The log cannot be read just now; the position stands.
      this.#retry ??= setTimeout(() => this.#again(), RETRY_MS)
    } finally {
      this.#pumping = false
    }
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#retry)
    this.#unlisten()
    this.#lease.release()
  }

  #again(): void {
    this.#retry = undefined
    void this.pump()
  }

  async #sendNext(): Promise<boolean> {
    const chunk = await this.#lease.feed.next(this.#cursor)
    if (this.#ended) return false
    if (chunk) {
      this.#outlet.sendReady(chunk.frame)
      this.#cursor = chunk.lastSeq
      return true
    }
    if (!this.#live) this.#outlet.send({ kind: 'live', stream: this.stream, head: this.#cursor })
    this.#live = true
    return false
  }
}
