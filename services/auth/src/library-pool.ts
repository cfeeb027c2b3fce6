import type { Log } from '@apex/kit/log'
import { Pool } from 'pg'

/** The pool better-auth uses: the same schema and limits as our own, on the driver the library speaks. */
export function createLibraryPool({
  url,
  schema,
  max,
  log,
}: {
  url: string
  schema: string
  max: number
  log: Log
}): Pool {
  const pool = new Pool({
    connectionString: url,
    options: `-c search_path=${schema}`,
    application_name: 'apex-auth-library',
    max,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
  })
  // Without a listener, the loss of an idle connection would end the process.
  pool.on('error', (error) => log.warn({ error }, 'an idle database connection was lost'))
  return pool
}
