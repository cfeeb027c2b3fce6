import type { ReservedSql, Sql } from 'postgres'
import type { BatchKey } from './batch-store.ts'

/** Held while a batch is written; it ends with the process, so that others can tell a dead writer from a slow one. */
export type BatchLease = AsyncDisposable

/** Waits for the lease of a batch on a connection of its own. */
export async function takeLease(sql: Sql, key: BatchKey): Promise<BatchLease> {
  const connection = await sql.reserve()
  try {
    await connection`select pg_advisory_lock(hashtextextended(${nameOf(key)}, 0))`
  } catch (error) {
    connection.release()
    throw error
  }
  return { [Symbol.asyncDispose]: () => giveBack(connection, key) }
}

/** Whether nobody holds the lease of a batch. */
export async function isAbandoned(sql: Sql, key: BatchKey): Promise<boolean> {
  const [row] = await sql.begin(
    (transaction) => transaction<{ free: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${nameOf(key)}, 0)) as free`,
  )
  return row?.free ?? false
}

function nameOf({ organizationId, batch }: BatchKey): string {
  return `analytics-batch:${organizationId}:${batch}`
}

// A connection that broke has lost the lock already.
async function giveBack(connection: ReservedSql, key: BatchKey): Promise<void> {
  try {
    await connection`select pg_advisory_unlock(hashtextextended(${nameOf(key)}, 0))`
  } catch {
    // Nothing is held any more.
  } finally {
    connection.release()
  }
}
