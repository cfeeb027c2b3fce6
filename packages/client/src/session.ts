import { CLOSE_CODES } from '@apex/protocol/close-code'
import type { ServerFrame } from '@apex/protocol/frame'
import { LIMITS } from '@apex/protocol/limits'
import { PROTOCOL_VERSION } from '@apex/protocol/version'
import { lossOfError } from './session-loss.ts'
import { type Loss, type SessionEffect, type SessionInput, type SessionState, transition } from './session-state.ts'
import { type SessionStatus, statusOf } from './session-status.ts'
import { type OpenSocket, SocketConnection, type SocketLike } from './socket-connection.ts'
import type { StreamListener, StreamPosition } from './stream-cursors.ts'
import { createStreamLink, type ReadEvents, type StreamLink, StreamReader } from './stream-reader.ts'
import type { Timers } from './timers.ts'

/** What a session needs of the world it runs in. */
export type SessionOptions = {
  openSocket: OpenSocket
  /** A fresh ticket; undefined when the upgrade request itself carries a credential. */
  ticket: () => Promise<string | undefined>
  /** For a stream that the socket cannot go on with. */
  readEvents: ReadEvents
  /** One per browser or program, and one per tab. */
  clientId: string
  tabId: string
  timers: Timers
  random: () => number
}

type Link = { connection: SocketConnection; streams: StreamLink }

/**
 * One resumable socket session: it follows streams from where they were left, whatever happens to sockets, and tells
 * what state the connection is in. `session-state.ts` decides, this class carries out.
 */
export class Session {
  readonly #options: SessionOptions
  readonly #reader: StreamReader
  readonly #listeners = new Set<(status: SessionStatus) => void>()
  #state: SessionState = { name: 'idle' }
  #status: SessionStatus = { status: 'connecting' }
  /** The newest connection, and in a handover the one it replaces. */
  #link: Link | null = null
  #replaced: Link | null = null
  /** Counts what was opened or closed, so that a late answer finds out that it is late. */
  #generation = 0
  #reconnectTicket: { ticket: string; expiresAtMs: number } | null = null
  #cancelWait = () => {}

  constructor(options: SessionOptions) {
    this.#options = options
    this.#reader = new StreamReader(options)
  }

  start(): void {
    this.#input({ type: 'start' })
  }

  /** Ends the session for good; runs go on. */
  end(): void {
    this.#input({ type: 'end' })
  }

  /** Skips the waiting time. */
  reconnectNow(): void {
    this.#input({ type: 'retry' })
  }

  setOnline(online: boolean): void {
    this.#input({ type: online ? 'online' : 'offline' })
    if (online) this.wake()
  }

  /** The machine slept or the page was hidden: asks whether the connection is still there, for 3 s. */
  wake(): void {
    if (this.#state.name !== 'live' || !this.#link) return
    if (this.#reader.isIdle) return
    this.#link.connection.probe(LIMITS.wakeProbeMs)
    this.#reader.askAgain(this.#link.streams)
  }

  /** The newest status; the same object until it changes. */
  status(): SessionStatus {
    return this.#status
  }

  /** Calls back with each new status; the returned function ends that. */
  subscribe(listener: (status: SessionStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Follows a stream from after `from` (null: its start); the returned function ends that. */
  follow(stream: string, from: StreamPosition | null, listener: StreamListener): () => void {
    return this.#reader.follow(stream, from, listener)
  }

  #input(input: SessionInput): void {
    const { timers, random } = this.#options
    const { state, effects } = transition(this.#state, input, { nowMs: timers.now(), random })
    const changed = state !== this.#state
    this.#state = state
    if (changed && !('retryAtMs' in state)) this.#cancelWait()
    for (const effect of effects) this.#carryOut(effect)
    if (changed) this.#announce()
  }

  #announce(): void {
    const status = statusOf(this.#state)
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return
    this.#status = status
    for (const listener of this.#listeners) listener(status)
  }

  #carryOut(effect: SessionEffect): void {
    switch (effect) {
      case 'open':
        void this.#open()
        break
      case 'wait':
        this.#wait()
        break
      case 'close-all':
        this.#generation++
        this.#link = this.#drop(this.#link)
        this.#replaced = this.#drop(this.#replaced)
        break
      case 'close-replaced':
        this.#replaced = this.#drop(this.#replaced)
        break
      case 'drop-ticket':
        this.#reconnectTicket = null
        break
      case 'drop-positions':
        this.#reader.resetAll()
        break
    }
  }

  #wait(): void {
    const retryAtMs = 'retryAtMs' in this.#state ? (this.#state.retryAtMs ?? 0) : 0
    this.#cancelWait()
    this.#cancelWait = this.#options.timers.after(Math.max(0, retryAtMs - this.#options.timers.now()), () =>
      this.#input({ type: 'due' }),
    )
  }

  #drop(link: Link | null): null {
    if (!link) return null
    this.#reader.detach(link.streams)
    link.connection.close()
    return null
  }

  /** Makes the newest connection; in a handover the present one becomes the replaced one. */
  async #open(): Promise<void> {
    const generation = ++this.#generation
    if (this.#state.name === 'handover') this.#replaced ??= this.#link
    this.#link = null
    try {
      const ticket = this.#takeReconnectTicket() ?? (await this.#options.ticket())
      if (generation !== this.#generation) return
      const socket = await this.#options.openSocket([PROTOCOL_VERSION])
      if (generation === this.#generation) this.#link = this.#connect(socket, ticket)
      else socket.close(CLOSE_CODES.normal)
    } catch (error) {
      if (generation === this.#generation) this.#input({ type: 'lost', loss: lossOfError(error) })
    }
  }

  #connect(socket: SocketLike, ticket: string | undefined): Link {
    const { timers, clientId, tabId } = this.#options
    const connection = new SocketConnection({
      socket,
      timers,
      handlers: {
        opened: () => {
          const streams = this.#reader.greetWith(link.streams)
          const hello = { kind: 'hello' as const, version: PROTOCOL_VERSION, clientId, tabId, streams }
          connection.send(ticket === undefined ? hello : { ...hello, ticket })
        },
        frame: (frame) => this.#receive(link, frame),
        lost: (loss) => this.#lose(link, loss),
      },
    })
    const link = { connection, streams: createStreamLink((frame) => connection.send(frame)) }
    this.#reader.attach(link.streams)
    return link
  }

  #lose(link: Link, loss: Loss): void {
    this.#reader.detach(link.streams)
    if (link === this.#replaced) {
      this.#replaced = null
      this.#input({ type: 'replaced-lost', loss })
    } else if (link === this.#link) {
      // Before its successor is opened, the newest connection is the one to be replaced.
      const isReplaced = this.#state.name === 'handover' && !this.#replaced
      this.#link = null
      this.#input({ type: isReplaced ? 'replaced-lost' : 'lost', loss })
    }
  }

  #receive(link: Link, frame: ServerFrame): void {
    if (frame.kind === 'goaway') {
      if (link === this.#link) this.#input({ type: 'goaway', delayMs: frame.delayMs, windowMs: frame.windowMs })
      return
    }
    if (frame.kind === 'ticket' || frame.kind === 'welcome') this.#keepTicket(frame.reconnectTicket)
    if (frame.kind === 'ticket') return
    this.#reader.receive(link.streams, frame)
    const { greeted, pending } = link.streams
    if (link === this.#link && greeted && pending.size === 0) this.#input({ type: 'caught-up' })
  }

  #keepTicket(ticket: string): void {
    // A little less than its life, so that it is still good when it arrives.
    const expiresAtMs = this.#options.timers.now() + LIMITS.reconnectTicketMs * 0.95
    this.#reconnectTicket = { ticket, expiresAtMs }
  }

  #takeReconnectTicket(): string | undefined {
    const kept = this.#reconnectTicket
    this.#reconnectTicket = null
    return kept && this.#options.timers.now() < kept.expiresAtMs ? kept.ticket : undefined
  }
}
