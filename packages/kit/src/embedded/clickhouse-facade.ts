import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { Engine } from './clickhouse-http/engine.ts'
import { createClickHouseServer } from './clickhouse-http/server.ts'

// A process of its own: the native library may crash or use its memory without taking the product along. The first line
// of its input says what to serve; it ends with that input, which is with whoever started it.
type Orders = { dataDirectory: string; port: number; secret: string; durable: boolean }

/** The lock of a killed predecessor is released when the kernel has taken that process apart. */
const lockWaitMs = 5_000

process.stdin.setEncoding('utf8')
const input = createInterface({ input: process.stdin })
input.once('line', (line) => void serve(JSON.parse(line) as Orders))
input.once('close', () => process.exit(0))

async function serve(orders: Orders): Promise<void> {
  try {
    const engine = await openEngine(orders)
    const server = createClickHouseServer(engine, orders.secret)
    server.once('error', fail)
    server.listen({ host: '127.0.0.1', port: orders.port }, () => say({ ready: true }))
    process.once('SIGTERM', () => {
      server.close(() => {
        engine.close()
        process.exit(0)
      })
      server.closeIdleConnections()
    })
  } catch (error) {
    fail(error as Error)
  }
}

async function openEngine({ dataDirectory, durable }: Orders): Promise<Engine> {
  const folder = join(dataDirectory, 'data')
  const configFile = join(dataDirectory, 'engine.xml')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(configFile, engineConfig(durable), { mode: 0o600 })
  const deadline = performance.now() + lockWaitMs
  for (;;) {
    try {
      return await Engine.open(folder, configFile)
    } catch (error) {
      if (!/Failed to create connection/.test((error as Error).message) || performance.now() > deadline) throw error
      await delay(100)
    }
  }
}

function engineConfig(durable: boolean): string {
  const flag = durable ? 1 : 0
  return `<clickhouse>
  <logger><level>error</level></logger>
  <mark_cache_size>134217728</mark_cache_size>
  <merge_tree>
    <fsync_after_insert>${flag}</fsync_after_insert>
    <fsync_part_directory>${flag}</fsync_part_directory>
    <min_rows_to_fsync_after_merge>${flag}</min_rows_to_fsync_after_merge>
  </merge_tree>
</clickhouse>
`
}

function say(word: object): void {
  process.stdout.write(`${JSON.stringify(word)}\n`)
}

function fail(error: Error): void {
  say({ failure: error.message })
  process.exitCode = 1
  process.stdin.destroy()
}
