import type { Ev } from '@apex/protocol/frames/ev'
import type { ThreadEvent } from '@apex/protocol/thread-event'

/** What a follower of one stream is told. Events come once, in order, without holes. */
export type StreamListener = {
  events?(events: ThreadEvent[], position: StreamPosition): void
  /** Everything up to `head` has been given. */
  caughtUp?(head: number): void
  /** What was given before no longer counts: the stream begins anew in `epoch`. */
  reset?(epoch: number): void
  /** Not there, or not for this person. */
  denied?(): void
  /** Only of a `user:` stream: this thread of the list changed. */
  changed?(threadId: string): void
}

/** The last event a reader holds; epoch 0 while it is not known. */
export type StreamPosition = { epoch: number; seq: number }

type Cursor = { epoch: number; seq: number; ackedSeq: number; listeners: Set<StreamListener> }

/** What has to be done about an `ev` frame: nothing, read again from the cursor, or begin the stream anew. */
export type Acceptance = 'ok' | 'gap' | 'reset'

/**
 * Where each stream was left. Keeps what a reader was given free of repeats and holes, whichever socket it came from.
 */
export class StreamCursors {
  readonly #cursors = new Map<string, Cursor>()
  #unacked = 0

  /** Adds a listener; the first one of a stream says from where. Returns whether the stream is new. */
  add(stream: string, from: StreamPosition | null, listener: StreamListener): boolean {
    const known = this.#cursors.get(stream)
    if (known) {
      known.listeners.add(listener)
      return false
    }
    const { epoch, seq } = from ?? { epoch: 0, seq: 0 }
    this.#cursors.set(stream, { epoch, seq, ackedSeq: seq, listeners: new Set([listener]) })
    return true
  }

  /** Takes a listener away. Returns whether it was the stream's last. */
  remove(stream: string, listener: StreamListener): boolean {
    const cursor = this.#cursors.get(stream)
    cursor?.listeners.delete(listener)
    if (!cursor || cursor.listeners.size > 0) return false
    return this.#cursors.delete(stream)
  }

  has(stream: string): boolean {
    return this.#cursors.has(stream)
  }

  /** The streams with the positions to read on from. */
  positions(streams: Iterable<string> = this.#cursors.keys()): { stream: string; epoch: number; seq: number }[] {
    return [...streams].flatMap((stream) => {
      const cursor = this.#cursors.get(stream)
      return cursor ? [{ stream, epoch: cursor.epoch, seq: cursor.seq }] : []
    })
  }

  /** Gives the new events of a frame to the listeners; repeats are dropped. */
  accept(frame: Ev): Acceptance {
    const cursor = this.#cursors.get(frame.stream)
    if (!cursor || frame.epoch < cursor.epoch) return 'ok'
    if (cursor.epoch > 0 && frame.epoch > cursor.epoch) return 'reset'
    if (frame.firstSeq > cursor.seq + 1) return 'gap'
    const fresh = frame.events.slice(cursor.seq + 1 - frame.firstSeq)
    const last = fresh.at(-1)
    if (!last) return 'ok'
    cursor.epoch = frame.epoch
    cursor.seq = last.seq
    this.#unacked += fresh.length
    for (const listener of cursor.listeners) listener.events?.(fresh, { epoch: cursor.epoch, seq: cursor.seq })
    return 'ok'
  }

  /** Whether the stream is known to go on after its cursor. */
  isBehind(stream: string, head: number): boolean {
    const cursor = this.#cursors.get(stream)
    return cursor !== undefined && head > cursor.seq
  }

  /** Forgets what was given of a stream, because it begins anew in `epoch` (0 when that is not known yet). */
  reset(stream: string, epoch: number): void {
    const cursor = this.#cursors.get(stream)
    if (!cursor) return
    Object.assign(cursor, { epoch, seq: 0, ackedSeq: 0 })
    for (const listener of cursor.listeners) listener.reset?.(epoch)
  }

  resetAll(): void {
    for (const stream of this.#cursors.keys()) this.reset(stream, 0)
  }

  /** Ends a stream that is not there for this reader. */
  deny(stream: string): void {
    const cursor = this.#cursors.get(stream)
    this.#cursors.delete(stream)
    for (const listener of cursor?.listeners ?? []) listener.denied?.()
  }

  caughtUp(stream: string, head: number): void {
    for (const listener of this.#cursors.get(stream)?.listeners ?? []) listener.caughtUp?.(head)
  }

  changed(stream: string, threadId: string): void {
    for (const listener of this.#cursors.get(stream)?.listeners ?? []) listener.changed?.(threadId)
  }

  /** How many events were given since the last call of takeAcks. */
  get unacked(): number {
    return this.#unacked
  }

  /** The positions to acknowledge: of each stream that moved since the last call. */
  takeAcks(): { stream: string; seq: number }[] {
    this.#unacked = 0
    const moved = [...this.#cursors].filter(([, cursor]) => cursor.seq > cursor.ackedSeq)
    return moved.map(([stream, cursor]) => {
      cursor.ackedSeq = cursor.seq
      return { stream, seq: cursor.seq }
    })
  }
}
