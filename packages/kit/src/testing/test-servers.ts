import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedClickHouse } from '../embedded/clickhouse.ts'
import { startEmbeddedPostgres } from '../embedded/postgres.ts'
import { createLog } from '../log.ts'

type Started = { url: string } & Partial<AsyncDisposable>

export type TestServers = AsyncDisposable & {
  /** Answers GET /postgres and GET /clickhouse with the address of a server that was started on the first such request. */
  readonly url: string
}

/** Serves the addresses of one PostgreSQL and one ClickHouse to all workers of a test run, started when first wanted. */
export async function startTestServers(given: { postgresUrl?: string; clickhouseUrl?: string }): Promise<TestServers> {
  const folder = await mkdtemp(join(tmpdir(), 'apex-test-'))
  const log = createLog({ service: 'test-servers', level: 'fatal' })
  const starters: Record<string, () => Promise<Started>> = {
    '/postgres': async () => {
      if (given.postgresUrl) return { url: given.postgresUrl }
      return startEmbeddedPostgres({
        dataDirectory: join(folder, 'postgres'),
        log,
        durability: 'none',
        maxConnections: 200,
      })
    },
    '/clickhouse': async () => {
      if (given.clickhouseUrl) return { url: given.clickhouseUrl }
      return startEmbeddedClickHouse({ dataDirectory: join(folder, 'clickhouse'), log, durability: 'none' })
    },
  }
  const running = new Map<string, Promise<Started>>()
  const addressOf = async (path: string): Promise<string> => {
    const starter = starters[path]
    if (!starter) throw new Error(`there is no server at ${path}`)
    const started = running.get(path) ?? starter()
    running.set(path, started)
    return (await started).url
  }
  const server = createServer((request, response) => {
    addressOf(request.url ?? '').then(
      (url) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await closeServer(server)
      const ended = await Promise.allSettled(running.values())
      for (const each of ended) if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]?.()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
