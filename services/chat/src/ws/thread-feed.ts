import type { Log } from '@apex/kit/log'
import { LIMITS } from '@apex/protocol/limits'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import type { ThreadKey } from '../runs/journal.ts'
import type { ThreadWake, Wake } from '../threads/wake.ts'

/** Consecutive events as one ready frame. */
export type Chunk = { firstSeq: number; lastSeq: number; frame: string }

export type FeedListener = {
  /** There is more to read. */
  advanced(): void
  /** The thread has been deleted. */
  gone(): void
  /** The log was rebuilt: what was read does not count. */
  rebuilt(epoch: number): void
}

export type ReadLog = (thread: ThreadKey, after: number, limit: number) => Promise<ThreadEvent[]>

type Encoded = { seq: number; json: string }

const TAIL_EVENTS = 1_000
const TAIL_BYTES = 1_048_576
const CHUNK_BYTES = 65_536
const CACHED_CHUNKS = 16

/**
 * One thread as the viewers of this node read it: the newest events are read from the log once for all of them, and a
 * frame is built once however many it is sent to. Older events are read in shared pieces.
 */
export class ThreadFeed {
  readonly thread: ThreadKey
  readonly #read: ReadLog
  readonly #log: Log
  readonly #listeners = new Set<FeedListener>()
  readonly #unsubscribe: () => void
  readonly #chunks = new Map<string, Promise<Chunk | null>>()
  #tail: Encoded[] = []
  #tailBytes = 0
  /** The newest position known to be committed, and the newest that was read. */
  #announced = 0
  #loaded = 0
  #epoch = 0
  #loading = false

  constructor({ thread, wake, read, log }: { thread: ThreadKey; wake: Wake; read: ReadLog; log: Log }) {
    this.thread = thread
    this.#read = read
    this.#log = log
    this.#unsubscribe = wake.onThread(thread, (news) => this.#hear(news))
  }

  get head(): { epoch: number; seq: number } {
    return { epoch: this.#epoch, seq: this.#announced }
  }

  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#unsubscribe()
  }

  /** Learns where the thread stood when somebody looked; called after listening, so nothing falls in between. */
  observe({ epoch, seq }: { epoch: number; seq: number }): void {
    if (this.#epoch !== 0) return this.#hear({ ...this.thread, epoch, seq, deleted: false })
    this.#epoch = epoch
    this.#loaded = seq
    this.#announced = Math.max(this.#announced, seq)
    void this.#load()
  }

  /** The next piece after a position; null when there is nothing more yet. */
  async next(after: number): Promise<Chunk | null> {
    if (after >= this.#loaded) return null
    const [oldest] = this.#tail
    const fromTail = oldest !== undefined && oldest.seq <= after + 1
    const key = fromTail ? `${after}-${this.#loaded}` : `${after}`
    const known = this.#chunks.get(key)
    if (known) return known
    const chunk = fromTail ? Promise.resolve(this.#chunkOfTail(after, oldest.seq)) : this.#chunkOfLog(after)
    this.#remember(key, chunk)
    return chunk
  }

  #hear(news: ThreadWake): void {
    if (news.deleted) return this.#tell((listener) => listener.gone())
    if (this.#epoch !== 0 && news.epoch > this.#epoch) return this.#rebuild(news)
    if (news.seq <= this.#announced) return
    this.#announced = news.seq
    // Until somebody has looked, there is no position to read on from.
    if (this.#epoch !== 0) void this.#load()
  }

  #rebuild({ epoch, seq }: ThreadWake): void {
    this.#tail = []
    this.#tailBytes = 0
    this.#chunks.clear()
    this.#epoch = epoch
    this.#announced = seq
    this.#loaded = seq
    this.#tell((listener) => listener.rebuilt(epoch))
  }

  async #load(): Promise<void> {
    if (this.#loading) return
    this.#loading = true
    try {
      while (this.#loaded < this.#announced) {
        const events = await this.#read(this.thread, this.#loaded, LIMITS.replayChunkEvents)
        if (events.length === 0) break
        for (const event of events) this.#keep(event)
        this.#tell((listener) => listener.advanced())
      }
    } catch (error) {
      // Forgetting the announcement lets the next poll bring it again.
      this.#announced = this.#loaded
      this.#log.warn({ error, threadId: this.thread.threadId }, 'a thread cannot be read; trying again')
    } finally {
      this.#loading = false
    }
  }

  #keep(event: ThreadEvent): void {
    const json = JSON.stringify(event)
    this.#tail.push({ seq: event.seq, json })
    this.#tailBytes += json.length
    this.#loaded = event.seq
    while (this.#tail.length > TAIL_EVENTS || (this.#tailBytes > TAIL_BYTES && this.#tail.length > 1)) {
      this.#tailBytes -= this.#tail.shift()?.json.length ?? 0
    }
  }

  #chunkOfTail(after: number, oldestSeq: number): Chunk | null {
    return this.#frame(this.#tail.slice(after + 1 - oldestSeq, after + 1 - oldestSeq + LIMITS.replayChunkEvents))
  }

  async #chunkOfLog(after: number): Promise<Chunk | null> {
    const events = await this.#read(this.thread, after, LIMITS.replayChunkEvents)
    return this.#frame(events.map((event) => ({ seq: event.seq, json: JSON.stringify(event) })))
  }

  // A frame holds whole events up to a size, and at least one, whatever its size.
  #frame(events: readonly Encoded[]): Chunk | null {
    const [first] = events
    if (!first) return null
    const taken: string[] = []
    let bytes = 0
    for (const { json } of events) {
      if (taken.length > 0 && bytes + json.length > CHUNK_BYTES) break
      taken.push(json)
      bytes += json.length
    }
    const head = `{"kind":"ev","stream":"thread:${this.thread.threadId}","epoch":${this.#epoch},"firstSeq":${first.seq}`
    return {
      firstSeq: first.seq,
      lastSeq: first.seq + taken.length - 1,
      frame: `${head},"events":[${taken.join(',')}]}`,
    }
  }

  #remember(key: string, chunk: Promise<Chunk | null>): void {
    this.#chunks.set(key, chunk)
    chunk.catch(() => this.#chunks.delete(key))
    const [oldest] = this.#chunks.keys()
    if (this.#chunks.size > CACHED_CHUNKS && oldest !== undefined) this.#chunks.delete(oldest)
  }

  #tell(say: (listener: FeedListener) => void): void {
    for (const listener of this.#listeners) say(listener)
  }
}
