import connect, { type Sql } from 'postgres'
import { UnavailableError } from './app-error.ts'
import { backoffDelayMs } from './backoff.ts'
import { systemClock } from './clock.ts'
import { createPoolMeter, type PoolStats } from './pool-meter.ts'

export type PostgresOptions = {
  url: string
  /** The only schema names are looked up in; created by `migrate`. */
  schema: string
  /** Shown in pg_stat_activity. */
  applicationName: string
  /** Most connections held at once. */
  max?: number
  statementTimeoutMs?: number
  idleInTransactionTimeoutMs?: number
  /** Enforced from PostgreSQL 17 on. */
  transactionTimeoutMs?: number
  connectTimeoutMs?: number
  connectAttempts?: number
}

/** A pool on one schema. Disposal waits five seconds for statements under way. */
export type Postgres = AsyncDisposable & {
  readonly sql: Sql
  readonly stats: () => PoolStats
}

/**
 * Connects within bounded tries and time-outs; throws `UnavailableError` naming host and port, never the password.
 *
 * `bigint` columns arrive as numbers; one beyond 2^53 rejects its query rather than losing digits, so money columns are
 * read as `::text`. `numeric` and `::text` arrive as strings, timestamps as `Date`.
 */
export async function connectPostgres(options: PostgresOptions): Promise<Postgres> {
  const version = await probe(options)
  const { max = 10, connectTimeoutMs = 5_000 } = options
  const pool = connect(options.url, {
    max,
    connect_timeout: connectTimeoutMs / 1_000,
    // A growing pause between reconnects would outlast a short restart of the database.
    backoff: (attempt) => Math.min(1, 0.05 * 2 ** attempt),
    onnotice: () => undefined,
    types: { bigint: { to: 20, from: [20], serialize: String, parse: parseBigint } },
    connection: sessionSettings(options, version),
  })
  const meter = createPoolMeter(pool, max)
  return {
    sql: meter.sql,
    stats: meter.stats,
    [Symbol.asyncDispose]: () => pool.end({ timeout: 5 }),
  }
}

function sessionSettings(options: PostgresOptions, version: number): Record<string, string | number> {
  const { statementTimeoutMs = 30_000, idleInTransactionTimeoutMs = 30_000, transactionTimeoutMs = 60_000 } = options
  return {
    application_name: options.applicationName,
    search_path: `"${options.schema.replaceAll('"', '""')}"`,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    ...(version >= 170_000 ? { transaction_timeout: transactionTimeoutMs } : {}),
    TimeZone: 'UTC',
  }
}

function parseBigint(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a number; select it as ::text`)
  return value
}

// One plain connection proves the address and tells the version before the pool is configured for it.
async function probe(options: PostgresOptions): Promise<number> {
  const { connectTimeoutMs = 5_000, connectAttempts = 3 } = options
  for (let attempt = 0; ; attempt += 1) {
    const sql = connect(options.url, { max: 1, connect_timeout: connectTimeoutMs / 1_000, onnotice: () => undefined })
    try {
      const [row] = await sql<{ version: string }[]>`select current_setting('server_version_num') as version`
      return Number(row?.version)
    } catch (error) {
      if (attempt + 1 >= connectAttempts) throw unreachable(options.url, connectAttempts, error)
      await systemClock.sleep(backoffDelayMs(attempt, { baseMs: 500, capMs: 2_000 }))
    } finally {
      await sql.end({ timeout: 1 })
    }
  }
}

function unreachable(url: string, attempts: number, cause: unknown): UnavailableError {
  const { hostname, port, pathname } = new URL(url)
  const reason = (cause as Error).message || (cause as { code?: string }).code
  return new UnavailableError(
    `PostgreSQL at ${hostname}:${port || 5432}${pathname} did not accept a connection in ${attempts} tries (${reason}). ` +
      'Check that it runs and that the address, user and password are right.',
    { cause },
  )
}
