import { AppError, UnavailableError } from '@apex/kit/app-error'
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { BatchKey } from '../versions/batches.ts'
import { CALL_DDL } from './call-ddl.ts'
import { type CallOrigin, callJson } from './call-json.ts'
import type { CallRow } from './call-row.ts'
import { type CallScope, scopedCalls, UnscopedStatementError } from './call-scope.ts'

export type CallTableOptions = { url: string; database: string; statementTimeoutMs: number }

/** A statement over calls: it reads from `{calls}` and binds its values as `{name:Type}`. */
export type CallStatement = { sql: string; params?: Record<string, unknown> }

const PLACEHOLDER = '{calls}'
const TIMEOUT_CODES = new Set(['159', '160'])
const GONE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT'])

/**
 * The LLM calls of all organisations in ClickHouse. Nothing reads the table but through `read`, which replaces `{calls}`
 * by the calls of one organisation at one data version. Throws `AppError` with timeout or unavailable.
 */
export class CallTable implements AsyncDisposable {
  readonly #client: ClickHouseClient
  readonly #options: CallTableOptions

  constructor(options: CallTableOptions) {
    this.#options = options
    this.#client = createClient({
      url: options.url,
      database: options.database,
      application: 'apex-analytics',
      // Failures are thrown and logged once, by whoever answers the request; statements may hold names of users.
      log: { level: ClickHouseLogLevel.OFF },
      request_timeout: options.statementTimeoutMs + 5_000,
      use_multipart_params_auto: true,
      clickhouse_settings: {
        max_execution_time: Math.ceil(options.statementTimeoutMs / 1_000),
        output_format_json_quote_64bit_integers: 1,
        output_format_json_quote_decimals: 1,
        date_time_input_format: 'basic',
      },
    })
  }

  /** Creates database and table where they are missing. */
  async create(): Promise<void> {
    await guarded(async () => {
      const admin = createClient({ url: this.#options.url })
      try {
        const query = 'create database if not exists {database:Identifier}'
        await admin.command({ query, query_params: { database: this.#options.database } })
      } finally {
        await admin.close()
      }
      for (const query of CALL_DDL) await this.#client.command({ query })
    })
  }

  /** Rejects while ClickHouse does not answer. */
  async ready(): Promise<void> {
    await guarded(async () => {
      await this.#client.query({ query: 'select 1', format: 'JSONEachRow' }).then((result) => result.json())
    })
  }

  /** Adds calls to a batch; they count when the batch is committed. */
  async insert(origin: CallOrigin, calls: readonly CallRow[]): Promise<void> {
    if (calls.length === 0) return
    const values = calls.map((call) => callJson(call, origin))
    await guarded(() => this.#client.insert({ table: 'call', values, format: 'JSONEachRow' }))
  }

  /** Deletes the rows of one batch. */
  async deleteBatch({ organizationId, batch }: BatchKey): Promise<void> {
    const query = 'delete from call where organization = {organization:String} and batch = {batch:UInt64}'
    await guarded(() => this.#client.command({ query, query_params: { organization: organizationId, batch } }))
  }

  /** Rows of a statement over the calls of a scope; integers of 64 bits and more arrive as text. */
  async read<Row>(scope: CallScope, { sql, params = {} }: CallStatement): Promise<Row[]> {
    if (!sql.includes(PLACEHOLDER) || /\b(?:from|join)\s+call\b/i.test(sql)) {
      throw new UnscopedStatementError('a statement that does not read from {calls} alone')
    }
    const calls = scopedCalls(scope)
    return guarded(async () => {
      const result = await this.#client.query({
        query: sql.replaceAll(PLACEHOLDER, calls.sql),
        query_params: { ...params, ...calls.params },
        format: 'JSONEachRow',
      })
      return await result.json<Row>()
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.close()
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ClickHouseError && TIMEOUT_CODES.has(error.code)) {
      throw new AppError('timeout', 'The question took longer than it may. Ask about a shorter time or fewer calls.', {
        cause: error,
      })
    }
    const code = (error as { code?: unknown }).code
    const gone =
      (typeof code === 'string' && GONE_CODES.has(code)) || /timeout|socket hang up/i.test((error as Error).message)
    if (gone && !(error instanceof ClickHouseError)) {
      throw new UnavailableError('The store of calls does not answer. Nothing was changed; try again in a moment.', {
        cause: error,
      })
    }
    throw error
  }
}
