import { randomUUID } from 'node:crypto'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { afterAll } from 'vitest'
import { testServerUrl } from './test-server-url.ts'

/** A ClickHouse database of this test file alone. */
export type TestClickhouse = { readonly url: string; readonly database: string; readonly client: ClickHouseClient }

/** Creates an empty database on the run's ClickHouse and connects to it; the client closes when the file is done. */
export async function testClickhouse(): Promise<TestClickhouse> {
  const url = await testServerUrl('clickhouse')
  const database = `apex_test_${randomUUID().replaceAll('-', '')}`
  const admin = createClient({ url })
  await admin.command({ query: `create database ${database}` })
  await admin.close()
  const client = createClient({ url, database })
  afterAll(async () => {
    await client.command({ query: `drop database if exists ${database}` })
    await client.close()
  })
  return { url, database, client }
}
