import { CLOSE_CODES, type CloseCode } from '@apex/protocol/close-code'
import type { ClientFrame, ServerFrame } from '@apex/protocol/frame'
import type { Hello } from '@apex/protocol/frames/hello'
import { PROTOCOL_VERSION } from '@apex/protocol/version'
import type { WebSocket } from 'ws'
import { TokenBucket } from '../token-bucket.ts'
import { Heartbeat } from './heartbeat.ts'
import { parseFrame } from './parse-frame.ts'
import type { SocketContext } from './socket-context.ts'
import { SocketStreams } from './socket-streams.ts'
import { SocketWriter } from './socket-writer.ts'
import type { Viewer } from './viewer.ts'

/** Who the upgrade request itself has proven, if it has. */
export type Proven = { viewer: Viewer; way: 'header' | 'subprotocol'; clientId?: string }

export type SocketSessionOptions = {
  connectionId: string
  socket: WebSocket
  origin: string | null
  proven: Proven | undefined
  context: SocketContext
}

/**
 * One socket from upgrade to close.
 *
 *   opened ──hello──▶ authorising ──▶ open ──▶ closed
 *      └──5 s──────────────┴── refused ───────────▲
 *
 * A frame that is illegal in its state closes with 4002. The socket holds nothing that a reconnect needs.
 */
export class SocketSession {
  readonly connectionId: string
  readonly #options: SocketSessionOptions
  readonly #writer: SocketWriter
  readonly #streams: SocketStreams
  readonly #heartbeat: Heartbeat
  readonly #bytes: TokenBucket
  readonly #subscribes: TokenBucket
  readonly #timers = new Set<NodeJS.Timeout>()
  #state: 'opened' | 'authorising' | 'open' | 'closed' = 'opened'
  #viewer: Viewer | undefined
  #hello: Hello | undefined
  #reconnectTicket: string | undefined
  #inbound: Promise<void> = Promise.resolve()

  constructor(options: SocketSessionOptions) {
    const { connectionId, context, socket } = options
    const { clock, limits, random } = context
    this.connectionId = connectionId
    this.#options = options
    this.#bytes = new TokenBucket({ capacity: limits.frameBytes * 2, perSecond: limits.inboundBytesPerSecond, clock })
    this.#subscribes = new TokenBucket({
      capacity: limits.subscribeBurst,
      perSecond: limits.subscribesPerSecond,
      clock,
    })
    this.#writer = new SocketWriter({
      outlet: socket,
      pauseAboveBytes: limits.pauseAboveBytes,
      resumeBelowBytes: limits.resumeBelowBytes,
      stalledMs: limits.slowConsumerMs,
      onDrained: () => this.#streams.pump(),
      onStalled: () => this.close(CLOSE_CODES.slowConsumer, 'the connection is too slow'),
    })
    const outlet = {
      isWritable: () => this.#writer.writable,
      send: (frame: ServerFrame) => this.#send(frame),
      sendReady: (frame: string) => this.#writer.send(frame),
    }
    this.#streams = new SocketStreams({ context, outlet })
    this.#heartbeat = new Heartbeat({
      pingMs: limits.pingMs,
      pongDeadlineMs: limits.pongDeadlineMs,
      random,
      sendPing: (id) => this.#ping(id),
      onLost: () => {
        // A peer that is behind has not read the ping yet; how long it may be behind is the writer's affair.
        if (this.#writer.writable) this.close(CLOSE_CODES.heartbeatLost, 'no answer to a ping')
      },
    })
  }

  get viewer(): Viewer | undefined {
    return this.#viewer
  }

  /** Listens; the first frame must be a hello, in time. */
  start(): void {
    const { context, socket } = this.#options
    this.#after(context.limits.helloTimeoutMs, () => {
      if (this.#state === 'opened') this.close(CLOSE_CODES.helloTimeout, 'no hello')
    })
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary))
    socket.on('close', (code) => this.#closed(code))
    // The library closes with the right code by itself; without a listener the process would end.
    socket.on('error', () => undefined)
  }

  /** Asks the client to move, and closes after the delay. */
  goAway(code: CloseCode, reason: string, { delayMs, windowMs }: { delayMs: number; windowMs: number }): void {
    if (this.#state === 'open') this.#send({ kind: 'goaway', delayMs, windowMs, reason })
    if (delayMs === 0) this.close(code, reason)
    else this.#after(delayMs, () => this.close(code, reason))
  }

  close(code: CloseCode, reason: string): void {
    if (this.#state === 'closed') return
    this.#options.socket.close(code, reason.slice(0, 120))
    this.#closed(code, reason)
  }

  /** Cuts a peer that does not answer the close. */
  terminate(): void {
    this.#options.socket.terminate()
  }

  #closed(code: number, reason = ''): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    for (const timer of this.#timers) clearTimeout(timer)
    this.#heartbeat.stop()
    this.#writer.close()
    this.#streams.close()
    this.#options.context.onClosed(this, code, reason)
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#state === 'closed') return
    const { limits } = this.#options.context
    if (this.#state === 'opened' && data.byteLength > limits.helloBytes) {
      return this.close(CLOSE_CODES.frameTooLarge, 'the hello is too large')
    }
    if (this.#bytes.take(data.byteLength) > 0) return this.close(CLOSE_CODES.rateLimited, 'too many bytes')
    const parsed = parseFrame(data, isBinary)
    if ('fault' in parsed) return this.close(CLOSE_CODES.protocolViolation, parsed.fault)
    const fault = this.#illegal(parsed.frame)
    if (fault) return this.close(CLOSE_CODES.protocolViolation, fault)
    if (parsed.frame.kind === 'hello') this.#state = 'authorising'
    // One after the other, so that an unsubscribe never overtakes its subscribe.
    this.#inbound = this.#inbound.then(() => this.#handle(parsed.frame)).catch((error) => this.#fail(error))
  }

  #illegal(frame: ClientFrame): string | undefined {
    if (this.#state === 'opened') return frame.kind === 'hello' ? undefined : 'the first frame must be a hello'
    if (frame.kind === 'hello') return 'a second hello'
    return this.#state === 'authorising' ? 'wait for the welcome' : undefined
  }

  async #handle(frame: ClientFrame): Promise<void> {
    if (this.#state === 'closed') return
    switch (frame.kind) {
      case 'hello':
        return this.#greet(frame)
      case 'subscribe':
        if (this.#subscribes.take() > 0) return this.close(CLOSE_CODES.rateLimited, 'too many subscriptions')
        if (!this.#streams.fits(frame.streams)) return this.close(CLOSE_CODES.protocolViolation, 'too many streams')
        this.#send({ kind: 'subscribed', streams: await this.#streams.open(this.#known(), frame.streams) })
        return this.#streams.pump()
      case 'unsubscribe':
        if (this.#subscribes.take() > 0) return this.close(CLOSE_CODES.rateLimited, 'too many subscriptions')
        return this.#streams.drop(frame.streams)
      case 'pong':
        if (!this.#heartbeat.pong(frame.id)) this.close(CLOSE_CODES.protocolViolation, 'a pong without its ping')
        return
      case 'ack':
        return
    }
  }

  async #greet(hello: Hello): Promise<void> {
    if (hello.version !== PROTOCOL_VERSION) return this.close(CLOSE_CODES.unsupportedVersion, 'speak apex.v1')
    const { context } = this.#options
    const viewer = await this.#identify(hello)
    if (!viewer || this.#is('closed')) return
    if (context.isRevoked(viewer.sessionId)) return this.close(CLOSE_CODES.sessionEnded, 'the session has ended')
    if (!context.admit(this, viewer)) return this.close(CLOSE_CODES.tooManySockets, 'too many connections')
    this.#viewer = viewer
    this.#hello = hello
    const { lifetimeMs, lifetimeJitterMs } = context.limits
    const lifeMs = lifetimeMs + (context.random() * 2 - 1) * lifetimeJitterMs
    const streams = await this.#streams.open(viewer, hello.streams)
    const reconnectTicket = await this.#renewTicket()
    if (this.#is('closed')) return
    this.#state = 'open'
    this.#send(this.#welcome({ lifeMs, reconnectTicket: reconnectTicket.ticket, streams }))
    this.#live(lifeMs)
    context.onOpened(this, { streams: streams.length, way: this.#options.proven?.way ?? 'ticket' })
    this.#streams.pump()
  }

  async #identify(hello: Hello): Promise<Viewer | undefined> {
    const { context, origin, proven } = this.#options
    if (proven && (proven.clientId === undefined || proven.clientId === hello.clientId)) return proven.viewer
    if (proven || !hello.ticket) {
      context.onTicketRefused({ reason: proven ? 'wrong_client' : 'missing', purpose: 'open' })
      this.close(CLOSE_CODES.ticketInvalid, 'no valid ticket')
      return undefined
    }
    const taken = await context.tickets.take(hello.ticket, { origin })
    if (typeof taken !== 'string' && taken.clientId === hello.clientId) return taken.viewer
    const reason = typeof taken === 'string' ? taken : 'wrong_client'
    context.onTicketRefused({ reason, purpose: 'open' })
    if (reason === 'session_ended') this.close(CLOSE_CODES.sessionEnded, 'the session has ended')
    else this.close(CLOSE_CODES.ticketInvalid, 'the ticket is invalid, used or expired')
    return undefined
  }

  #welcome(
    facts: Pick<Extract<ServerFrame, { kind: 'welcome' }>, 'reconnectTicket' | 'streams'> & { lifeMs: number },
  ): ServerFrame {
    const { clock, limits } = this.#options.context
    const { lifeMs, ...given } = facts
    return {
      kind: 'welcome',
      connectionId: this.connectionId,
      serverTime: new Date(clock.nowMs()).toISOString(),
      sessionExpiresAt: new Date(clock.nowMs() + lifeMs).toISOString(),
      heartbeat: { pingMs: limits.pingMs, pongDeadlineMs: limits.pongDeadlineMs },
      limits: { frameBytes: limits.frameBytes, streams: limits.streamsPerSocket, sockets: limits.socketsPerUser },
      ...given,
    }
  }

  #live(lifeMs: number): void {
    const { goawayMs, reconnectTicketRenewMs } = this.#options.context.limits
    this.#heartbeat.start()
    const renewal = setInterval(() => void this.#sendTicket(), reconnectTicketRenewMs)
    this.#timers.add(renewal)
    this.#after(Math.max(0, lifeMs - goawayMs), () =>
      this.goAway(CLOSE_CODES.drain, 'the connection has reached its age', { delayMs: goawayMs, windowMs: goawayMs }),
    )
  }

  async #sendTicket(): Promise<void> {
    try {
      const { expiresAt, ticket } = await this.#renewTicket()
      this.#send({ kind: 'ticket', reconnectTicket: ticket, expiresAt: expiresAt.toISOString() })
    } catch {
      // The ticket before stays good for as long again; the next renewal tries once more.
    }
  }

  async #renewTicket() {
    const { context, origin } = this.#options
    const binding = { clientId: this.#hello?.clientId ?? '', origin }
    const issued = await context.tickets.issueReconnect(this.#known(), binding, this.#reconnectTicket)
    this.#reconnectTicket = issued.ticket
    return issued
  }

  #ping(id: number): void {
    const { clock, isRevoked } = this.#options.context
    if (isRevoked(this.#known().sessionId)) return this.close(CLOSE_CODES.sessionEnded, 'the session has ended')
    const serverTime = new Date(clock.nowMs()).toISOString()
    this.#send({ kind: 'ping', id, serverTime, heads: this.#streams.heads() })
  }

  #fail(error: unknown): void {
    this.#options.context.onFailed(this, error)
    this.close(CLOSE_CODES.dependencyUnavailable, 'try again in a moment')
  }

  #send(frame: ServerFrame): void {
    this.#writer.send(JSON.stringify(frame))
  }

  #known(): Viewer {
    if (!this.#viewer) throw new Error('the socket has no viewer yet')
    return this.#viewer
  }

  // The state may have changed during an await, which the compiler does not expect.
  #is(state: string): boolean {
    return this.#state === state
  }

  #after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      action()
    }, ms)
    this.#timers.add(timer)
  }
}
