import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@apex/kit/clock'
import type { RevokedSessions } from '@apex/kit/revoked-sessions'
import { LIMITS } from '@apex/protocol/limits'
import type { Sql } from 'postgres'
import { TicketLimitError } from '../errors.ts'
import {
  deleteExpiredTickets,
  deleteTicket,
  deleteTicketsOfSession,
  insertTicket,
  listOpenTickets,
  type TicketPurpose,
  takeTicket,
} from './ticket-store.ts'
import type { Viewer } from './viewer.ts'

/** What a ticket is bound to besides its person. */
export type TicketBinding = { clientId: string; origin: string | null }

export type IssuedTicket = { ticket: string; expiresAt: Date }

export type TakenTicket = { viewer: Viewer; purpose: TicketPurpose }

export type TicketRefusal = 'unknown' | 'expired' | 'wrong_origin' | 'wrong_client' | 'session_ended' | 'too_old'

/** Open tickets one session may hold unused. */
const UNUSED_PER_SESSION = 10

/** How long reconnect tickets may follow one another before an access token has to prove the person again. */
const PROOF_MS = 12 * 3_600_000

export type TicketsOptions = { sql: Sql; clock: Clock; revoked: RevokedSessions }

/** Single-use tickets for sockets: 256 random bits, kept as SHA-256, bound to person, session, origin and client. */
export class Tickets {
  readonly #options: TicketsOptions

  constructor(options: TicketsOptions) {
    this.#options = options
  }

  /** A ticket that opens one socket within 30 seconds; throws TicketLimitError. */
  async issueOpen(viewer: Viewer, binding: TicketBinding): Promise<IssuedTicket> {
    const { clock, sql } = this.#options
    const unused = await listOpenTickets(sql, viewer.sessionId, new Date(clock.nowMs()))
    const [oldest] = unused
    if (oldest && unused.length >= UNUSED_PER_SESSION) {
      throw new TicketLimitError(UNUSED_PER_SESSION, Math.max(1_000, oldest.expiresAt.getTime() - clock.nowMs()))
    }
    return this.#issue(viewer, binding, { purpose: 'open', lifeMs: LIMITS.openTicketMs })
  }

  /** A ticket to come back with within 10 minutes; the one before, if named, no longer counts. */
  async issueReconnect(viewer: Viewer, binding: TicketBinding, replaced?: string): Promise<IssuedTicket> {
    const issued = await this.#issue(viewer, binding, { purpose: 'reconnect', lifeMs: LIMITS.reconnectTicketMs })
    if (replaced) await deleteTicket(this.#options.sql, hashOf(replaced))
    return issued
  }

  /** Uses a ticket up, whatever the answer: a ticket shown in the wrong place is no longer a secret. */
  async take(
    ticket: string,
    binding: Pick<TicketBinding, 'origin'>,
  ): Promise<(TakenTicket & { clientId: string }) | TicketRefusal> {
    const { clock, revoked, sql } = this.#options
    const row = await takeTicket(sql, hashOf(ticket))
    if (!row) return 'unknown'
    if (row.expiresAt.getTime() <= clock.nowMs()) return 'expired'
    if (row.origin !== binding.origin) return 'wrong_origin'
    if (revoked.has(row.sessionId)) return 'session_ended'
    if (row.purpose === 'reconnect' && row.provenAt.getTime() + PROOF_MS <= clock.nowMs()) return 'too_old'
    const { clientId, organizationId, provenAt, purpose, role, sessionId, userId } = row
    return { viewer: { organizationId, userId, sessionId, role, provenAtMs: provenAt.getTime() }, purpose, clientId }
  }

  async forgetSession(sessionId: string): Promise<void> {
    await deleteTicketsOfSession(this.#options.sql, sessionId)
  }

  async forgetExpired(): Promise<void> {
    await deleteExpiredTickets(this.#options.sql, new Date(this.#options.clock.nowMs()))
  }

  async #issue(
    viewer: Viewer,
    binding: TicketBinding,
    { purpose, lifeMs }: { purpose: TicketPurpose; lifeMs: number },
  ): Promise<IssuedTicket> {
    const ticket = randomBytes(32).toString('base64url')
    const nowMs = this.#options.clock.nowMs()
    const expiresAt = new Date(nowMs + lifeMs)
    const { provenAtMs, ...person } = viewer
    const times = { provenAt: new Date(provenAtMs), createdAt: new Date(nowMs), expiresAt }
    await insertTicket(this.#options.sql, { hash: hashOf(ticket), ...person, ...binding, purpose, ...times })
    return { ticket, expiresAt }
  }
}

function hashOf(ticket: string): Buffer {
  return createHash('sha256').update(ticket).digest()
}
