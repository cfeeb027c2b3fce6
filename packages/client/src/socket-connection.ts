import { CLOSE_CODES } from '@apex/protocol/close-code'
import { type ClientFrame, ServerFrame } from '@apex/protocol/frame'
import { LIMITS } from '@apex/protocol/limits'
import { lossOfClose } from './session-loss.ts'
import type { Loss } from './session-state.ts'
import type { Timers } from './timers.ts'

/** The part of a WebSocket that is used: of the browser's, of Node's and of a library's. */
export type SocketLike = {
  send(data: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void
}

/** Opens a socket with these subprotocols. */
export type OpenSocket = (protocols: string[]) => SocketLike | Promise<SocketLike>

type Handlers = { opened(): void; frame(frame: ServerFrame): void; lost(loss: Loss): void }

const OPEN_DEADLINE_MS = 10_000

/**
 * One socket from opening to its end: deadlines for opening and silence, frames parsed, the end told exactly once.
 */
export class SocketConnection {
  readonly #socket: SocketLike
  readonly #timers: Timers
  readonly #handlers: Handlers
  #cancelDeadline: () => void
  #over = false

  constructor(options: { socket: SocketLike; timers: Timers; handlers: Handlers }) {
    const { socket, timers, handlers } = options
    this.#socket = socket
    this.#timers = timers
    this.#handlers = handlers
    this.#cancelDeadline = timers.after(OPEN_DEADLINE_MS, () => this.#fail())
    socket.addEventListener('open', () => handlers.opened())
    socket.addEventListener('message', ({ data }) => this.#receive(data))
    socket.addEventListener('close', ({ code, reason }) => this.#lose(lossOfClose(code, reason)))
    // What went wrong is told by the close that follows; without a listener some libraries throw.
    socket.addEventListener('error', () => {})
  }

  send(frame: ClientFrame): void {
    if (!this.#over) this.#socket.send(JSON.stringify(frame))
  }

  /** Ends the socket without telling the handlers. */
  close(): void {
    this.#finish()
    this.#socket.close(CLOSE_CODES.normal)
  }

  /** Demands a frame within `ms`, else the connection counts as lost. */
  probe(ms: number): void {
    if (!this.#over) this.#expectFrameWithin(ms)
  }

  #receive(data: unknown): void {
    if (this.#over) return
    this.#expectFrameWithin(LIMITS.watchdogMs)
    const frame = parseFrame(data)
    if (frame === 'unknown') return
    if (frame !== 'malformed') return this.#handlers.frame(frame)
    // A server that speaks another revision: reading on would leave a hole that no refill closes.
    this.#socket.close(CLOSE_CODES.unsupportedVersion)
    this.#lose(lossOfClose(CLOSE_CODES.unsupportedVersion, ''))
  }

  #expectFrameWithin(ms: number): void {
    this.#cancelDeadline()
    this.#cancelDeadline = this.#timers.after(ms, () => this.#fail())
  }

  #fail(): void {
    this.#socket.close(CLOSE_CODES.heartbeatLost)
    this.#lose(lossOfClose(CLOSE_CODES.heartbeatLost, ''))
  }

  #lose(loss: Loss): void {
    if (this.#over) return
    this.#finish()
    this.#handlers.lost(loss)
  }

  #finish(): void {
    this.#over = true
    this.#cancelDeadline()
  }
}

const KINDS = new Set(ServerFrame.options.map((option) => option.shape.kind.value as string))

function parseFrame(data: unknown): ServerFrame | 'unknown' | 'malformed' {
  if (typeof data !== 'string') return 'malformed'
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    return 'malformed'
  }
  const parsed = ServerFrame.safeParse(json)
  if (parsed.success) return parsed.data
  const kind = typeof json === 'object' && json !== null && 'kind' in json ? json.kind : undefined
  return typeof kind === 'string' && !KINDS.has(kind) ? 'unknown' : 'malformed'
}
