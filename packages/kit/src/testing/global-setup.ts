import type { TestProject } from 'vitest/node'
import { startTestServers } from './test-servers.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testServersUrl: string
  }
}

/** Vitest calls this once for a whole run; databases start when a test first asks for one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { TEST_DATABASE_URL, TEST_CLICKHOUSE_URL } = process.env
  const servers = await startTestServers({
    ...(TEST_DATABASE_URL ? { postgresUrl: TEST_DATABASE_URL } : {}),
    ...(TEST_CLICKHOUSE_URL ? { clickhouseUrl: TEST_CLICKHOUSE_URL } : {}),
  })
  project.provide('testServersUrl', servers.url)
  return async () => servers[Symbol.asyncDispose]()
}
