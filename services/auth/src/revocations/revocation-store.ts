import type { RevokedPage } from '@apex/kit/revoked-sessions'
import type { Sql } from 'postgres'

// Rows become visible at commit, out of the order of their times; reading this much again misses none.
const overlapMs = 10_000

/** Sessions that ended lately. */
export class RevocationStore {
  readonly #sql: Sql
  readonly #keepMs: number

  /** `keepMs` is longer than any access token lives. */
  constructor(sql: Sql, { keepMs }: { keepMs: number }) {
    this.#sql = sql
    this.#keepMs = keepMs
  }

  /** Everything revoked since a cursor of an earlier page, and some of what that page had; all with an empty cursor. */
  async since(cursor: string): Promise<RevokedPage> {
    const sinceMs = /^\d{1,15}$/.test(cursor) ? Number(cursor) - overlapMs : 0
    const rows = await this.#sql<{ sessionId: string; revokedAt: Date }[]>`
      select session_id as "sessionId", revoked_at as "revokedAt" from revoked_sessions
      where revoked_at >= ${new Date(sinceMs)} order by revoked_at`
    const lastMs = rows.at(-1)?.revokedAt.getTime() ?? (Number(cursor) || 0)
    return {
      revoked: rows.map((row) => ({ sessionId: row.sessionId, untilMs: row.revokedAt.getTime() + this.#keepMs })),
      cursor: String(lastMs),
    }
  }

  async removeBefore(time: Date): Promise<void> {
    await this.#sql`delete from revoked_sessions where revoked_at < ${time}`
  }
}
