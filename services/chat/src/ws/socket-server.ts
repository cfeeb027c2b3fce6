import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError, BusyError, UnauthenticatedError } from '@apex/kit/app-error'
import type { Clock } from '@apex/kit/clock'
import { CLIENT_ADDRESS_HEADER } from '@apex/kit/http/client-address'
import { toAppError } from '@apex/kit/http/problem'
import type { Identity } from '@apex/kit/identity'
import type { Log } from '@apex/kit/log'
import type { RevokedSessions } from '@apex/kit/revoked-sessions'
import { CLOSE_CODES } from '@apex/protocol/close-code'
import { PROTOCOL_VERSION } from '@apex/protocol/version'
import { v7 as uuidv7 } from 'uuid'
import { WebSocketServer } from 'ws'
import type { ChatEvents } from '../events.ts'
import { TokenBuckets } from '../token-bucket.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import type { OpenSession, SocketContext } from './socket-context.ts'
import { type Proven, SocketSession } from './socket-session.ts'
import type { Viewer } from './viewer.ts'

export type SocketServerOptions = Pick<
  SocketContext,
  'limits' | 'random' | 'tickets' | 'feeds' | 'wake' | 'findThread'
> & {
  clock: Clock
  /** The web origins whose pages may open sockets, compared exactly. */
  origins: readonly string[]
  verifyToken: (token: string) => Promise<Identity>
  revoked: RevokedSessions
  events: ChatEvents
  log: Log
}

const TICKET_PREFIX = 'apex.ticket.'

/** Admits sockets on /ws and knows every open one; refusals are HTTP answers, given before anything is accepted. */
export class SocketServer implements AsyncDisposable {
  readonly #options: SocketServerOptions
  readonly #server: WebSocketServer
  readonly #context: SocketContext
  readonly #sessions = new Map<string, SocketSession>()
  readonly #upgrades: TokenBuckets
  readonly #unfollow: () => void
  #closing = false

  constructor(options: SocketServerOptions) {
    const { clock, events, limits, log, revoked } = options
    this.#options = options
    this.#upgrades = new TokenBuckets({ capacity: limits.upgradeBurst, perSecond: limits.upgradesPerSecond, clock })
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: limits.frameBytes,
      perMessageDeflate: false,
      // Checked when a frame is parsed, so that bad text closes with the protocol's own code.
      skipUTF8Validation: true,
      handleProtocols: (offered) => (offered.has(PROTOCOL_VERSION) ? PROTOCOL_VERSION : false),
    })
    this.#unfollow = revoked.onRevoked((sessionId) => this.#endSession(sessionId))
    this.#context = {
      ...options,
      isRevoked: (sessionId) => revoked.has(sessionId),
      admit: (session, viewer) => this.#admit(session, viewer),
      onOpened: ({ connectionId }, facts) => events.socketOpened({ connectionId, ...facts }),
      onClosed: (session, code, reason) => {
        this.#sessions.delete(session.connectionId)
        events.socketClosed({ connectionId: session.connectionId, code, reason })
      },
      onFailed: ({ connectionId }, error) => log.warn({ connectionId, error }, 'a socket could not be served'),
      onTicketRefused: (facts) => events.ticketRefused(facts),
    }
  }

  /** How many sockets are open. */
  get size(): number {
    return this.#sessions.size
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    this.#prove(request).then(
      (proven) => this.#accept(request, socket, head, proven),
      (error: unknown) => {
        const refusal = toAppError(error)
        this.#options.events.socketRefused({ reason: refusal.message, status: refusal.status })
        refuseUpgrade(socket, refusal)
      },
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true
    this.#unfollow()
    const sessions = [...this.#sessions.values()]
    // Spread over the window in which the next process has to take them all up again.
    const windowMs = 5_000
    for (const session of sessions)
      session.goAway(CLOSE_CODES.shutdown, 'the server is restarting', { delayMs: 0, windowMs })
    const cut = setTimeout(() => {
      for (const session of sessions) session.terminate()
    }, 1_000)
    await this.#whenClosed()
    clearTimeout(cut)
    this.#server.close()
  }

  async #whenClosed(): Promise<void> {
    await Promise.all(
      [...this.#server.clients].map((client) => new Promise((resolve) => client.once('close', resolve))),
    )
  }

  async #prove(request: IncomingMessage): Promise<Proven | undefined> {
    const { limits, origins } = this.#options
    const address = request.headers[CLIENT_ADDRESS_HEADER] ?? request.socket.remoteAddress ?? 'unknown'
    const waitMs = this.#upgrades.take(String(address))
    if (waitMs > 0)
      throw new AppError('rate_limited', 'Too many connections from your address.', { retryAfterMs: waitMs })
    if (this.#closing || this.#server.clients.size >= limits.socketsPerNode) {
      throw new BusyError('No more connections can be taken at the moment. Try again shortly.', 2_000)
    }
    const { origin } = request.headers
    if (origin !== undefined && !origins.includes(origin)) {
      throw new AppError('origin_refused', 'Pages of this origin may not connect here.')
    }
    const offered = offeredProtocols(request)
    if (offered.length > 0 && !offered.includes(PROTOCOL_VERSION)) {
      throw new AppError('invalid_request', `Offer the subprotocol ${PROTOCOL_VERSION}.`)
    }
    return this.#proveEarly(request, offered)
  }

  /** The ways in that need no hello ticket: a ticket among the subprotocols, or an access token in the header. */
  async #proveEarly(request: IncomingMessage, offered: readonly string[]): Promise<Proven | undefined> {
    const carried = offered.find((each) => each.startsWith(TICKET_PREFIX))
    if (carried) {
      const origin = request.headers.origin ?? null
      const taken = await this.#options.tickets.take(carried.slice(TICKET_PREFIX.length), { origin })
      if (typeof taken !== 'string') return { viewer: taken.viewer, clientId: taken.clientId, way: 'subprotocol' }
      this.#options.events.ticketRefused({ reason: taken, purpose: 'open' })
      throw new UnauthenticatedError('The ticket is invalid, used or expired. Fetch a new one.')
    }
    const token = /^bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (!token) return undefined
    const { kind, organizationId, role, sessionId, userId } = await this.#options.verifyToken(token)
    if (kind !== 'user' || !sessionId) throw new UnauthenticatedError('Connect with the access token of a person.')
    return {
      viewer: { organizationId, userId, sessionId, role, provenAtMs: this.#options.clock.nowMs() },
      way: 'header',
    }
  }

  #accept(request: IncomingMessage, socket: Duplex, head: Buffer, proven: Proven | undefined): void {
    if (socket.destroyed) return
    this.#server.handleUpgrade(request, socket, head, (accepted) => {
      const session = new SocketSession({
        connectionId: uuidv7(),
        socket: accepted,
        origin: request.headers.origin ?? null,
        proven,
        context: this.#context,
      })
      this.#sessions.set(session.connectionId, session)
      session.start()
      if (this.#closing) session.close(CLOSE_CODES.shutdown, 'the server is restarting')
    })
  }

  #admit(session: OpenSession, viewer: Viewer): boolean {
    const mine = [...this.#sessions.values()].filter(
      (each) =>
        each !== session &&
        each.viewer?.userId === viewer.userId &&
        each.viewer.organizationId === viewer.organizationId,
    )
    return mine.length < this.#options.limits.socketsPerUser
  }

  #endSession(sessionId: string): void {
    for (const session of this.#sessions.values()) {
      if (session.viewer?.sessionId === sessionId) session.close(CLOSE_CODES.sessionEnded, 'the session has ended')
    }
    this.#options.tickets.forgetSession(sessionId).catch((error: unknown) => {
      this.#options.log.warn({ error }, 'tickets of an ended session could not be removed')
    })
  }
}

function offeredProtocols(request: IncomingMessage): string[] {
  return (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
}
