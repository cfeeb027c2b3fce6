import { type Clock, systemClock } from './clock.ts'
import type { Log } from './log.ts'

/** A session that ended before its tokens did; forgotten after `untilMs`, when none of them can be valid. */
export type RevokedSession = { sessionId: string; untilMs: number }

/** What a source answers: the sessions revoked after a cursor, and the cursor to ask with next. */
export type RevokedPage = { revoked: RevokedSession[]; cursor: string }

/** The sessions whose tokens are refused although they have not expired; fed by push, by polling, or by both. */
export class RevokedSessions {
  readonly #untilMs = new Map<string, number>()
  readonly #listeners = new Set<(sessionId: string) => void>()
  readonly #clock: Clock

  constructor({ clock = systemClock }: { clock?: Clock } = {}) {
    this.#clock = clock
  }

  /** Adds a session; listeners hear of each session once. */
  add({ sessionId, untilMs }: RevokedSession): void {
    if (this.#untilMs.has(sessionId)) return
    this.#prune()
    this.#untilMs.set(sessionId, untilMs)
    for (const listener of this.#listeners) listener(sessionId)
  }

  has(sessionId: string): boolean {
    return (this.#untilMs.get(sessionId) ?? 0) > this.#clock.nowMs()
  }

  /** Calls `listener` for each session from now on; the returned function ends that. */
  onRevoked(listener: (sessionId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Polls `source` until the signal aborts. A failing source is asked again; what is known stays. */
  async follow(source: (cursor: string) => Promise<RevokedPage>, options: FollowOptions): Promise<void> {
    const { intervalMs = 1_000, signal, log } = options
    let cursor = ''
    let failing = false
    while (!signal.aborted) {
      try {
        const page = await source(cursor)
        cursor = page.cursor
        for (const each of page.revoked) this.add(each)
        failing = false
      } catch (error) {
        if (!failing) log.warn({ error }, 'revoked sessions cannot be fetched; trying again')
        failing = true
      }
      await this.#clock.sleep(intervalMs, signal).catch(() => undefined)
    }
  }

  #prune(): void {
    const nowMs = this.#clock.nowMs()
    for (const [sessionId, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(sessionId)
  }
}

type FollowOptions = { intervalMs?: number; signal: AbortSignal; log: Log }
