import { inject } from 'vitest'

/** The address of the run's PostgreSQL or ClickHouse, which starts if this is the first to ask. */
export async function testServerUrl(kind: 'postgres' | 'clickhouse'): Promise<string> {
  const control = inject('testServersUrl')
  if (!control)
    throw new Error('The test servers are not set up: run tests with the vitest.config.ts of the repository root.')
  const response = await fetch(`${control}/${kind}`)
  const text = await response.text()
  if (!response.ok) throw new Error(`The test ${kind} did not start: ${text}`)
  return text
}
