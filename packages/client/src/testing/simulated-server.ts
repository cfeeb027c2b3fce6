import { ClientFrame, type ServerFrame } from '@apex/protocol/frame'
import type { SocketLike } from '../socket-connection.ts'
import type { EventPage } from '../stream-reader.ts'
import type { ThreadLog } from './thread-log.ts'

type Listener = (event: never) => void

/** One end of a socket that exists in memory only. */
export class SimulatedSocket implements SocketLike {
  readonly #listeners: [string, Listener][] = []
  readonly received: ClientFrame[] = []
  readonly cursors = new Map<string, number>()
  readonly #server: SimulatedServer
  closed: number | null = null

  constructor(server: SimulatedServer) {
    this.#server = server
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push([type, listener])
  }

  send(data: string): void {
    const frame = ClientFrame.parse(JSON.parse(data))
    this.received.push(frame)
    if (this.closed === null) this.#server.receive(this, frame)
  }

  close(code = 1005): void {
    this.closed ??= code
  }

  /** The server's end of it. */
  emit(type: 'open' | 'message' | 'close', event: unknown): void {
    for (const [listened, listener] of this.#listeners) if (listened === type) listener(event as never)
  }

  cut(code: number, reason = ''): void {
    if (this.closed !== null) return
    this.closed = code
    this.emit('close', { code, reason })
  }

  say(frame: ServerFrame): void {
    if (this.closed === null) this.emit('message', { data: JSON.stringify(frame) })
  }
}

/** The chat service's side of `apex.v1` in memory: tickets used once, replay, live, and the faults a test asks for. */
export class SimulatedServer {
  readonly sockets: SimulatedSocket[] = []
  readonly tickets = new Set<string>()
  readonly logs = new Map<string, ThreadLog>()
  up = true
  ticketsAsked = 0
  /** Frames of these kinds are lost on their way, once each. */
  readonly lose: ServerFrame['kind'][] = []
  /** Closes each hello with this code. */
  refuseWith: number | null = null
  #made = 0

  get open(): SimulatedSocket[] {
    return this.sockets.filter(({ closed }) => closed === null)
  }

  readonly ticket = async (): Promise<string> => {
    this.ticketsAsked++
    return this.#makeTicket()
  }

  readonly openSocket = (): SimulatedSocket => {
    const socket = new SimulatedSocket(this)
    this.sockets.push(socket)
    void this.#answer(socket)
    return socket
  }

  /** Like a network, which never answers before the caller has had its turn. */
  async #answer(socket: SimulatedSocket): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await Promise.resolve()
    if (this.up) socket.emit('open', {})
    else socket.cut(1006)
  }

  readonly readEvents = async (threadId: string, after: number): Promise<EventPage> => {
    const log = this.logs.get(`thread:${threadId}`)
    const events = log?.events.slice(after, after + 3) ?? []
    return { epoch: log?.epoch ?? 1, head: log?.events.length ?? 0, events }
  }

  host(log: ThreadLog): void {
    this.logs.set(`thread:${log.threadId}`, log)
  }

  /** Tells the open sockets what is new in the logs. */
  flush(): void {
    for (const socket of this.open) for (const stream of socket.cursors.keys()) this.#replay(socket, stream)
  }

  ping(): void {
    for (const socket of this.open) {
      const heads = [...socket.cursors.keys()].map((stream) => ({
        stream,
        seq: this.logs.get(stream)?.events.length ?? 0,
      }))
      this.#say(socket, { kind: 'ping', id: 1, serverTime: TIME, heads })
    }
  }

  crash(): void {
    this.up = false
    for (const socket of this.open) socket.cut(1006)
  }

  receive(socket: SimulatedSocket, frame: ClientFrame): void {
    if (frame.kind === 'hello') this.#greet(socket, frame)
    if (frame.kind === 'subscribe') {
      this.#say(socket, { kind: 'subscribed', streams: this.#statesOf(frame.streams) })
      this.#begin(socket, frame.streams)
    }
    if (frame.kind === 'unsubscribe') for (const stream of frame.streams) socket.cursors.delete(stream)
  }

  #greet(socket: SimulatedSocket, frame: Extract<ClientFrame, { kind: 'hello' }>): void {
    const known = frame.ticket !== undefined && this.tickets.delete(frame.ticket)
    if (this.refuseWith !== null || !known) return socket.cut(this.refuseWith ?? 4102)
    this.#say(socket, {
      kind: 'welcome',
      connectionId: `c-${this.sockets.length}`,
      serverTime: TIME,
      sessionExpiresAt: TIME,
      heartbeat: { pingMs: 20_000, pongDeadlineMs: 10_000 },
      limits: { frameBytes: 65_536, streams: 200, sockets: 10 },
      reconnectTicket: this.#makeTicket(),
      streams: this.#statesOf(frame.streams),
    })
    this.#begin(socket, frame.streams)
  }

  #statesOf(streams: { stream: string; epoch: number; seq: number }[]) {
    return streams.map(({ stream, epoch, seq }) => {
      const log = this.logs.get(stream)
      if (!log)
        return { stream, epoch: 0, head: 0, state: stream.startsWith('user:') ? ('ok' as const) : ('denied' as const) }
      const state =
        (epoch === log.epoch || (epoch === 0 && seq === 0)) && seq <= log.events.length
          ? ('ok' as const)
          : ('reset' as const)
      return { stream, epoch: log.epoch, head: log.events.length, state }
    })
  }

  #begin(socket: SimulatedSocket, streams: { stream: string; epoch: number; seq: number }[]): void {
    const states = this.#statesOf(streams)
    for (const [at, { stream, seq }] of streams.entries()) {
      if (states[at]?.state !== 'ok' || !this.logs.has(stream)) continue
      socket.cursors.set(stream, seq)
      this.#replay(socket, stream)
      this.#say(socket, { kind: 'live', stream, head: this.logs.get(stream)?.events.length ?? 0 })
    }
  }

  #replay(socket: SimulatedSocket, stream: string): void {
    const log = this.logs.get(stream)
    if (!log) return
    const events = log.events.slice(socket.cursors.get(stream))
    for (let at = 0; at < events.length; at += 4) {
      const chunk = events.slice(at, at + 4)
      const firstSeq = chunk[0]?.seq ?? 0
      this.#say(socket, { kind: 'ev', stream, epoch: log.epoch, firstSeq, events: chunk })
    }
    socket.cursors.set(stream, log.events.length)
  }

  #say(socket: SimulatedSocket, frame: ServerFrame): void {
    const lost = this.lose.indexOf(frame.kind)
    if (lost === -1) socket.say(frame)
    else this.lose.splice(lost, 1)
  }

  #makeTicket(): string {
    const ticket = `ticket-${String(++this.#made).padStart(20, '0')}`
    this.tickets.add(ticket)
    return ticket
  }
}

const TIME = '2026-01-01T00:00:00.000Z'
