import type { Sql, TransactionSql } from 'postgres'
import { retry } from './backoff.ts'

const conflicts = new Set(['40001', '40P01'])

/** Runs `work` in a transaction and repeats it, at most three times, when the database chose it as a conflict's loser. */
export function transaction<T>(sql: Sql, work: (sql: TransactionSql) => Promise<T>): Promise<T> {
  return retry(async () => (await sql.begin(work)) as T, {
    attempts: 3,
    baseMs: 20,
    capMs: 200,
    retryable: (error) => conflicts.has((error as { code?: string }).code ?? ''),
  })
}
