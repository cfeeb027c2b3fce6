import type { ThreadEvent } from '@apex/protocol/thread-event'
import { backoffMs } from './backoff.ts'
import { ApiError, isRetryable } from './errors.ts'
import type { Session } from './session.ts'
import type { StreamPosition } from './stream-cursors.ts'
import type { ReadEvents } from './stream-reader.ts'
import type { Timers } from './timers.ts'

export type FollowOptions = {
  threadId: string
  /** The last event already held; 0 and 0 for none. */
  after: StreamPosition
  session: Pick<Session, 'status' | 'subscribe' | 'follow'>
  readEvents: ReadEvents
  timers: Timers
  random: () => number
  /** How long nothing at all may be heard from the server before the follower gives up. */
  patienceMs: number
}

/** Without a live socket for this long, the log is read over plain HTTP instead. */
const FALL_BACK_AFTER_MS = 1_000
const POLL_EVERY_MS = 500

/**
 * The events of one thread as an async iterable, each once and in order: through the session, and over plain HTTP for
 * as long as no socket can be opened. Throws what the server refuses with, or the last error when patience ends.
 */
export class ThreadFollower implements AsyncIterable<ThreadEvent> {
  readonly #options: FollowOptions
  readonly #queue: ThreadEvent[] = []
  readonly #leave: (() => void)[] = []
  #position: StreamPosition
  #error: unknown
  #over = false
  #wake = () => {}
  #cancelPoll = () => {}
  #polling = false
  #denied = false
  #heardAtMs: number
  #failures = 0

  constructor(options: FollowOptions) {
    const { after, session, threadId, timers } = options
    this.#options = options
    this.#position = after
    this.#heardAtMs = timers.now()
    this.#leave.push(
      session.follow(`thread:${threadId}`, this.#position, {
        events: (events) => this.#take(events),
        caughtUp: () => this.#heard(),
        denied: () => this.#askPlainly(),
      }),
      session.subscribe(() => this.#watch()),
    )
    this.#watch()
  }

  /** Ends the iteration where it is. */
  stop(): void {
    this.#over = true
    this.#cancelPoll()
    for (const leave of this.#leave) leave()
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ThreadEvent> {
    try {
      for (;;) {
        const event = this.#queue.shift()
        if (event) yield event
        else if (this.#error !== undefined) throw this.#error
        else if (this.#over) return
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      this.stop()
    }
  }

  /** Both ways give events from a position at or before this one, so one cursor makes them one log. */
  #take(events: ThreadEvent[]): void {
    this.#heard()
    for (const event of events) {
      if (event.epoch > this.#position.epoch) {
        const begun = this.#position.epoch > 0
        this.#position = { epoch: event.epoch, seq: begun ? 0 : this.#position.seq }
      }
      if (event.epoch < this.#position.epoch || event.seq !== this.#position.seq + 1) continue
      this.#position = { epoch: event.epoch, seq: event.seq }
      this.#queue.push(event)
    }
    if (this.#queue.length > 0) this.#wake()
  }

  #heard(): void {
    this.#heardAtMs = this.#options.timers.now()
    this.#failures = 0
  }

  /** The socket only says no; plain HTTP says why. */
  #askPlainly(): void {
    this.#denied = true
    this.#schedulePoll(0)
  }

  #watch(): void {
    if (this.#options.session.status().status === 'live' && !this.#denied) {
      this.#heard()
      this.#polling = false
      this.#cancelPoll()
    } else if (!this.#polling) {
      this.#schedulePoll(FALL_BACK_AFTER_MS)
    }
  }

  #schedulePoll(ms: number): void {
    if (this.#over) return
    this.#polling = true
    this.#cancelPoll()
    this.#cancelPoll = this.#options.timers.after(ms, () => void this.#poll())
  }

  async #poll(): Promise<void> {
    const { patienceMs, random, readEvents, threadId, timers } = this.#options
    try {
      const page = await readEvents(threadId, this.#position.seq)
      this.#take(page.events)
      this.#heard()
      if (this.#polling)
        this.#schedulePoll(this.#position.seq < page.head && page.events.length > 0 ? 0 : POLL_EVERY_MS)
    } catch (error) {
      if (!this.#polling) return
      const waited = timers.now() - this.#heardAtMs
      if (!isRetryable(error) || waited >= patienceMs) return this.#fail(error)
      const askedMs = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0
      this.#schedulePoll(Math.max(askedMs, Math.min(backoffMs(this.#failures++, random), patienceMs / 4)))
    }
  }

  #fail(error: unknown): void {
    this.#error = error
    this.stop()
  }
}
