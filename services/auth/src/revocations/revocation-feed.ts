import type { Clock } from '@apex/kit/clock'
import type { Log } from '@apex/kit/log'
import type { RevokedPage, RevokedSession } from '@apex/kit/revoked-sessions'
import type { RevocationStore } from './revocation-store.ts'

export type RevocationListener = (revoked: RevokedSession) => void

/** Tells listeners in this process of every session that ends, wherever it was ended. */
export class RevocationFeed {
  readonly #store: RevocationStore
  readonly #clock: Clock
  readonly #log: Log
  readonly #listeners = new Set<RevocationListener>()
  readonly #told = new Map<string, number>()
  #cursor = ''
  #reading: Promise<void> = Promise.resolve()

  constructor({ store, clock, log }: { store: RevocationStore; clock: Clock; log: Log }) {
    this.#store = store
    this.#clock = clock
    this.#log = log
  }

  /** Calls `listener` once for each session; the returned function ends that. */
  subscribe(listener: RevocationListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What was revoked after a cursor, for other processes that poll. */
  since(cursor: string): Promise<RevokedPage> {
    return this.#store.since(cursor)
  }

  /** Reads what is new and tells it; resolves when the listeners were called. */
  publish(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read())
    return this.#reading
  }

  /** Publishes every second until the signal aborts, for sessions ended by other processes. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.publish()
      await this.#clock.sleep(1_000, signal).catch(() => undefined)
    }
  }

  // A failed read is logged and made up by the next one; the row that revokes is already committed.
  async #read(): Promise<void> {
    try {
      const { revoked, cursor } = await this.#store.since(this.#cursor)
      this.#cursor = cursor
      const nowMs = this.#clock.nowMs()
      for (const [sessionId, untilMs] of this.#told) if (untilMs < nowMs) this.#told.delete(sessionId)
      for (const each of revoked) this.#tell(each)
    } catch (error) {
      this.#log.warn({ error }, 'revoked sessions could not be read; trying again')
    }
  }

  #tell(revoked: RevokedSession): void {
    if (this.#told.has(revoked.sessionId)) return
    this.#told.set(revoked.sessionId, revoked.untilMs)
    for (const listener of this.#listeners) listener(revoked)
  }
}
