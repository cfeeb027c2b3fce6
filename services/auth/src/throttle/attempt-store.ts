import type { Sql } from 'postgres'

export type AttemptRule = {
  /** The failure from which on each one blocks. */
  threshold: number
  baseMs: number
  capMs: number
  /** Failures older than this no longer count. */
  forgetMs: number
}

/** Counts of failed tries by key. */
export class AttemptStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /**
   * Counts a try as failed before it is made, so that parallel tries cannot outrun the count. Answers how long to wait
   * when the key is blocked, and 0 when the try may go on.
   */
  async begin(key: string, rule: AttemptRule, nowMs: number): Promise<number> {
    const now = new Date(nowMs)
    const forgotten = new Date(nowMs - rule.forgetMs)
    const rows = await this.#sql`
      insert into sign_in_attempts as a (key, failures, last_at) values (${key}, 1, ${now})
      on conflict (key) do update set
        failures = case when a.last_at < ${forgotten} then 1 else a.failures + 1 end,
        last_at = ${now},
        blocked_until = case when a.last_at >= ${forgotten} and a.failures + 1 >= ${rule.threshold} then
          ${now}::timestamptz + interval '1 millisecond' * least(
            ${rule.capMs}::float8, ${rule.baseMs}::float8 * power(2, least(a.failures + 1 - ${rule.threshold}, 40)))
          end
      where a.blocked_until is null or a.blocked_until <= ${now}
      returning failures`
    if (rows.length > 0) return 0
    const [blocked] = await this.#sql<{ until: Date | null }[]>`
      select blocked_until as until from sign_in_attempts where key = ${key}`
    return Math.max(1, (blocked?.until?.getTime() ?? nowMs) - nowMs)
  }

  /** Forgets the failures of a key. */
  async clear(key: string): Promise<void> {
    await this.#sql`delete from sign_in_attempts where key = ${key}`
  }

  /** Takes back one count: the try turned out not to be a failure. */
  async undo(key: string): Promise<void> {
    await this.#sql`
      update sign_in_attempts set failures = greatest(failures - 1, 0), blocked_until = null where key = ${key}`
  }

  async removeBefore(time: Date): Promise<void> {
    await this.#sql`delete from sign_in_attempts where last_at < ${time}`
  }
}
