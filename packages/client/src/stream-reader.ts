import type { ClientFrame, ServerFrame } from '@apex/protocol/frame'
import type { StreamState } from '@apex/protocol/frames/welcome'
import { LIMITS } from '@apex/protocol/limits'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import { backoffMs } from './backoff.ts'
import { StreamCursors, type StreamListener, type StreamPosition } from './stream-cursors.ts'
import type { Timers } from './timers.ts'

/** A page of a thread's log, as plain HTTP gives it. */
export type EventPage = { epoch: number; head: number; events: ThreadEvent[] }

/** Reads the page after a position over plain HTTP. */
export type ReadEvents = (threadId: string, after: number) => Promise<EventPage>

/** One socket as the reader uses it. */
export type StreamLink = {
  send(frame: ClientFrame): void
  /** From its welcome on. */
  greeted: boolean
  /** Streams the server has been asked for on this socket. */
  readonly asked: Set<string>
  /** Streams that have still to replay. */
  readonly pending: Set<string>
  /** Streams asked for again because of a hole. */
  readonly refilling: Set<string>
}

/** Frames that are about streams. */
export type StreamFrame = Extract<
  ServerFrame,
  { kind: 'welcome' | 'subscribed' | 'ev' | 'live' | 'reset' | 'ping' | 'user_changed' }
>

/** Fits the 4 KiB of a hello; further streams are asked for after the welcome. */
const STREAMS_IN_HELLO = 30
const ACK_EVERY_MS = 1_000
const ACK_EVERY_EVENTS = 64

export function createStreamLink(send: (frame: ClientFrame) => void): StreamLink {
  return { send, greeted: false, asked: new Set(), pending: new Set(), refilling: new Set() }
}

/** Reads streams over whichever sockets there are: asks, refills holes, begins anew after a reset, acknowledges. */
export class StreamReader {
  readonly #cursors = new StreamCursors()
  readonly #options: { timers: Timers; random: () => number; readEvents: ReadEvents }
  readonly #links = new Set<StreamLink>()
  readonly #restarting = new Set<string>()
  #cancelAck: (() => void) | null = null

  constructor(options: { timers: Timers; random: () => number; readEvents: ReadEvents }) {
    this.#options = options
  }

  follow(stream: string, from: StreamPosition | null, listener: StreamListener): () => void {
    this.#cursors.add(stream, from, listener)
    this.#askEverywhere()
    return () => {
      if (this.#cursors.remove(stream, listener)) this.#leave(stream)
    }
  }

  attach(link: StreamLink): void {
    this.#links.add(link)
  }

  detach(link: StreamLink): void {
    this.#links.delete(link)
    if (this.#links.size > 0) return
    this.#cancelAck?.()
    this.#cancelAck = null
  }

  /** The streams a hello names; they are asked for with it. */
  greetWith(link: StreamLink): { stream: string; epoch: number; seq: number }[] {
    const positions = this.#cursors.positions().slice(0, STREAMS_IN_HELLO)
    for (const { stream } of positions) markAsked(link, stream)
    return positions
  }

  /** Whether no stream is followed. */
  get isIdle(): boolean {
    return this.#cursors.positions().length === 0
  }

  /** Asks again for everything, so that the server has to answer. */
  askAgain(link: StreamLink): void {
    link.send({ kind: 'subscribe', streams: this.#cursors.positions().slice(0, LIMITS.streamsPerSocket) })
  }

  /** Drops every position, because the server's state is of another history. */
  resetAll(): void {
    this.#cursors.resetAll()
  }

  receive(link: StreamLink, frame: StreamFrame): void {
    switch (frame.kind) {
      case 'welcome':
        link.greeted = true
        this.#applyStates(link, frame.streams)
        this.#askEverywhere()
        break
      case 'subscribed':
        this.#applyStates(link, frame.streams)
        break
      case 'ev':
        this.#accept(link, frame)
        break
      case 'live':
        link.pending.delete(frame.stream)
        this.#cursors.caughtUp(frame.stream, frame.head)
        break
      case 'reset':
        this.#restart(frame.stream, frame.epoch)
        break
      case 'ping':
        this.#answerPing(link, frame)
        break
      case 'user_changed':
        this.#cursors.changed(frame.stream, frame.threadId)
        break
    }
  }

  #applyStates(link: StreamLink, states: StreamState[]): void {
    for (const { stream, epoch, state } of states) {
      link.refilling.delete(stream)
      // A person's own list has no log to replay.
      if (stream.startsWith('user:')) link.pending.delete(stream)
      if (state === 'denied') {
        link.pending.delete(stream)
        this.#cursors.deny(stream)
      }
      if (state === 'reset') this.#restart(stream, epoch)
    }
  }

  #accept(link: StreamLink, frame: Extract<StreamFrame, { kind: 'ev' }>): void {
    const acceptance = this.#cursors.accept(frame)
    if (acceptance === 'gap') this.#refill(link, frame.stream)
    if (acceptance === 'reset') this.#restart(frame.stream, frame.epoch)
    if (acceptance === 'ok') this.#scheduleAck()
  }

  #answerPing(link: StreamLink, frame: Extract<StreamFrame, { kind: 'ping' }>): void {
    link.send({ kind: 'pong', id: frame.id })
    this.#ack()
    for (const { stream, seq } of frame.heads) {
      if (!link.pending.has(stream) && this.#cursors.isBehind(stream, seq)) this.#refill(link, stream)
    }
  }

  #refill(link: StreamLink, stream: string): void {
    if (link.refilling.has(stream) || this.#restarting.has(stream)) return
    link.refilling.add(stream)
    link.send({ kind: 'subscribe', streams: this.#cursors.positions([stream]) })
  }

  /** Begins a stream anew: what was given is withdrawn, its log is read from the start, and the socket goes on. */
  #restart(stream: string, epoch: number): void {
    if (this.#restarting.has(stream) || !this.#cursors.has(stream)) return
    this.#restarting.add(stream)
    this.#cursors.reset(stream, epoch)
    void this.#readFromStart(stream, 0)
  }

  async #readFromStart(stream: string, failures: number): Promise<void> {
    const { random, readEvents, timers } = this.#options
    const threadId = stream.slice('thread:'.length)
    const [position] = this.#cursors.positions([stream])
    if (!position || !stream.startsWith('thread:')) return this.#resume(stream)
    try {
      const { epoch, events, head } = await readEvents(threadId, position.seq)
      const [first] = events
      if (first) this.#cursors.accept({ kind: 'ev', stream, epoch, firstSeq: first.seq, events })
      if (!first || !this.#cursors.isBehind(stream, head)) return this.#resume(stream)
      await this.#readFromStart(stream, 0)
    } catch {
      timers.after(backoffMs(failures, random), () => void this.#readFromStart(stream, failures + 1))
    }
  }

  #resume(stream: string): void {
    this.#restarting.delete(stream)
    for (const link of this.#links) link.asked.delete(stream)
    this.#askEverywhere()
  }

  /** Asks on every greeted socket for what has not been asked for there. */
  #askEverywhere(): void {
    for (const link of this.#links) {
      if (!link.greeted) continue
      const missing = this.#cursors.positions().filter(({ stream }) => !link.asked.has(stream))
      for (const { stream } of missing) markAsked(link, stream)
      if (missing.length > 0) link.send({ kind: 'subscribe', streams: missing.slice(0, LIMITS.streamsPerSocket) })
    }
  }

  #leave(stream: string): void {
    for (const link of this.#links) {
      link.pending.delete(stream)
      if (link.asked.delete(stream) && link.greeted) link.send({ kind: 'unsubscribe', streams: [stream] })
    }
  }

  #scheduleAck(): void {
    if (this.#cursors.unacked >= ACK_EVERY_EVENTS) return this.#ack()
    if (this.#cursors.unacked === 0) return
    this.#cancelAck ??= this.#options.timers.after(ACK_EVERY_MS, () => this.#ack())
  }

  #ack(): void {
    this.#cancelAck?.()
    this.#cancelAck = null
    const [newest] = [...this.#links].filter((link) => link.greeted).slice(-1)
    const positions = newest ? this.#cursors.takeAcks().slice(0, LIMITS.streamsPerSocket) : []
    if (positions.length > 0) newest?.send({ kind: 'ack', positions })
  }
}

function markAsked(link: StreamLink, stream: string): void {
  link.asked.add(stream)
  link.pending.add(stream)
}
