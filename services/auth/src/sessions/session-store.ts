import type { Sql } from 'postgres'

export type SessionRow = {
  id: string
  createdAt: Date
  updatedAt: Date
  expiresAt: Date
  userAgent: string | null
  ipPrefix: string | null
}

/** Session rows; every deletion is recorded as a revocation by the database itself. */
export class SessionStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** The living sessions of a person, the latest first. */
  listOf(userId: string, now: Date): Promise<SessionRow[]> {
    return this.#sql<SessionRow[]>`
      select id, created_at as "createdAt", updated_at as "updatedAt", expires_at as "expiresAt",
        user_agent as "userAgent", ip_address as "ipPrefix"
      from sessions where user_id = ${userId} and expires_at > ${now}
      order by created_at desc, id desc`
  }

  /** The organisation the person worked in last. */
  async lastOrganizationOf(userId: string): Promise<string | undefined> {
    const [row] = await this.#sql<{ organizationId: string }[]>`
      select active_organization_id as "organizationId" from sessions
      where user_id = ${userId} and active_organization_id is not null
      order by updated_at desc limit 1`
    return row?.organizationId
  }

  async setOrganization(sessionId: string, userId: string, organizationId: string): Promise<void> {
    await this.#sql`
      update sessions set active_organization_id = ${organizationId}
      where id = ${sessionId} and user_id = ${userId}`
  }

  /** Ends one session of the person; false when they have no such session. */
  async end(userId: string, sessionId: string): Promise<boolean> {
    const rows = await this.#sql`delete from sessions where user_id = ${userId} and id = ${sessionId} returning id`
    return rows.length > 0
  }

  async endAllBut(userId: string, sessionId: string): Promise<number> {
    const rows = await this.#sql`delete from sessions where user_id = ${userId} and id <> ${sessionId} returning id`
    return rows.length
  }

  /** Ends the oldest sessions of the person beyond `keep`. */
  async endOldest(userId: string, keep: number): Promise<number> {
    const rows = await this.#sql`
      delete from sessions where id in (
        select id from sessions where user_id = ${userId} order by created_at desc, id desc offset ${keep})
      returning id`
    return rows.length
  }

  async removeExpired(now: Date, createdBefore: Date): Promise<void> {
    await this.#sql`delete from sessions where expires_at < ${now} or created_at < ${createdBefore}`
  }
}
