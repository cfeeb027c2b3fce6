import { startEmbeddedClickHouse } from '../../src/embedded/clickhouse.ts'
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts'
import { createLog } from '../../src/log.ts'

// A process that owns a store until it is killed; the test that started it reads the address from its output.
const [, , store, dataDirectory] = process.argv
if (!dataDirectory) throw new Error('usage: store-owner.ts <postgres|clickhouse> <directory>')
const log = createLog({ service: 'store-owner', level: 'silent' })
try {
  const start = store === 'clickhouse' ? startEmbeddedClickHouse : startEmbeddedPostgres
  const { url, pid } = await start({ dataDirectory, log })
  console.log(JSON.stringify({ url, pid }))
  setInterval(() => undefined, 60_000)
} catch (error) {
  console.log(JSON.stringify({ error: { name: (error as Error).name, message: (error as Error).message } }))
}
