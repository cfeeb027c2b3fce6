import { systemClock } from '@apex/kit/clock'
import { captureLog } from '@apex/kit/testing/capture-log'
import { testClickhouse } from '@apex/kit/testing/test-clickhouse'
import { testDatabase } from '@apex/kit/testing/test-database'
import { ImportOptions } from '@apex/protocol/import'
import { v7 as uuidv7 } from 'uuid'
import { Imports } from '../src/ingest/imports.ts'
import { Slots } from '../src/ingest/slots.ts'
import { loadPriceBook } from '../src/price-book/load-price-book.ts'
import { CallTable } from '../src/store/call-table.ts'
import { Batches } from '../src/versions/batches.ts'

export const migrations = new URL('../db/migrations', import.meta.url)

/** The rooms of ingestion on real stores of this file alone. */
export async function ingestFixture() {
  const { sql, url } = await testDatabase({ migrations, schema: 'analytics', max: 8 })
  const clickhouse = await testClickhouse()
  const calls = new CallTable({ url: clickhouse.url, database: clickhouse.database, statementTimeoutMs: 20_000 })
  await calls.create()
  const book = await loadPriceBook()
  const { log } = captureLog()
  const batches = new Batches({ sql, clock: systemClock, log, deleteRows: (key) => calls.deleteBatch(key) })
  const slots = new Slots({ total: 4, perOrganization: 4 })
  const imports = new Imports({ sql, calls, batches, book, slots, clock: systemClock, log, maxBytes: 1_000_000_000 })

  function importText(
    organizationId: string,
    content: string | Uint8Array,
    options: Partial<ImportOptions> = {},
    importId = uuidv7(),
  ) {
    const start = {
      organizationId,
      importId,
      userId: 'user-1',
      options: ImportOptions.parse(options),
      signal: AbortSignal.timeout(60_000),
    }
    return imports.importFile(start, chunks(typeof content === 'string' ? Buffer.from(content) : content))
  }

  async function count(organizationId: string, watermark?: number): Promise<{ calls: number; cost: string }> {
    const visibility = await batches.visibility(organizationId, watermark)
    const [row] = await calls.read<{ calls: string; cost: string }>(
      { visibility, scope: {} },
      { sql: 'select count() as calls, toString(sum(toInt128(cost))) as cost from {calls}' },
    )
    return { calls: Number(row?.calls), cost: row?.cost ?? '' }
  }

  return { sql, url, clickhouse, calls, book, batches, imports, log, importText, count }
}

export async function* chunks(bytes: Uint8Array, size = 16_384): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}
