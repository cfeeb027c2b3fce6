import type { Sql } from 'postgres'

export type TicketPurpose = 'open' | 'reconnect'

/** Everything a ticket stands for; the ticket itself is known by its hash only. */
export type TicketRow = {
  hash: Buffer
  organizationId: string
  userId: string
  sessionId: string
  role: string
  purpose: TicketPurpose
  clientId: string
  origin: string | null
  provenAt: Date
  createdAt: Date
  expiresAt: Date
}

export async function insertTicket(sql: Sql, ticket: TicketRow): Promise<void> {
  await sql`
    insert into socket_ticket (hash, organization_id, user_id, session_id, role, purpose, client_id, origin, proven_at,
      created_at, expires_at)
    values (${ticket.hash}, ${ticket.organizationId}, ${ticket.userId}, ${ticket.sessionId}, ${ticket.role},
      ${ticket.purpose}, ${ticket.clientId}, ${ticket.origin}, ${ticket.provenAt}, ${ticket.createdAt},
      ${ticket.expiresAt})`
}

/** Takes a ticket: of many who try at once, one gets it. */
export async function takeTicket(sql: Sql, hash: Buffer): Promise<TicketRow | undefined> {
  const [row] = await sql<TicketRow[]>`
    delete from socket_ticket where hash = ${hash}
    returning hash, organization_id as "organizationId", user_id as "userId", session_id as "sessionId", role, purpose,
      client_id as "clientId", origin, proven_at as "provenAt", created_at as "createdAt", expires_at as "expiresAt"`
  return row
}

/** The unused tickets of a session to open a socket with, oldest first. */
export async function listOpenTickets(sql: Sql, sessionId: string, now: Date): Promise<{ expiresAt: Date }[]> {
  return sql<{ expiresAt: Date }[]>`
    select expires_at as "expiresAt" from socket_ticket
    where session_id = ${sessionId} and purpose = 'open' and expires_at > ${now}
    order by created_at`
}

export async function deleteTicket(sql: Sql, hash: Buffer): Promise<void> {
  await sql`delete from socket_ticket where hash = ${hash}`
}

export async function deleteTicketsOfSession(sql: Sql, sessionId: string): Promise<void> {
  await sql`delete from socket_ticket where session_id = ${sessionId}`
}

export async function deleteExpiredTickets(sql: Sql, now: Date): Promise<void> {
  await sql`delete from socket_ticket where expires_at < ${now}`
}
