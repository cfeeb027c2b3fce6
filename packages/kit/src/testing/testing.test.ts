import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from './manual-clock.ts'
import { testClickhouse } from './test-clickhouse.ts'
import { testDatabase } from './test-database.ts'
import { waitFor } from './wait-for.ts'

let migrations: string

beforeAll(async () => {
  migrations = await mkdtemp(join(tmpdir(), 'apex-template-'))
  await writeFile(
    join(migrations, '0001-thing.sql'),
    `create table thing (id int); insert into thing values (1); -- ${migrations}`,
  )
})
afterAll(() => rm(migrations, { recursive: true }))

test('each database is a migrated clone that sees nothing of the others', async () => {
  const [one, two] = await Promise.all([
    testDatabase({ migrations, schema: 'things' }),
    testDatabase({ migrations, schema: 'things' }),
  ])
  await one.sql`insert into thing values (2)`

  expect(await one.sql`select count(*)::int as count from thing`).toEqual([{ count: 2 }])
  expect(await two.sql`select count(*)::int as count from thing`).toEqual([{ count: 1 }])
})

test('a ClickHouse database is empty and usable', async () => {
  const { client } = await testClickhouse()
  await client.command({ query: 'create table t (n UInt64) engine = MergeTree order by n' })
  await client.insert({ table: 't', values: [{ n: 1 }, { n: 2 }], format: 'JSONEachRow' })
  const rows = await client.query({ query: 'select sum(n) as total from t', format: 'JSONEachRow' })

  expect(await rows.json()).toEqual([{ total: '3' }])
})

test('a manual clock wakes sleepers whose time has come and no others', async () => {
  const clock = manualClock()
  const woken: string[] = []
  void clock.sleep(10).then(() => woken.push('early'))
  void clock.sleep(20).then(() => woken.push('late'))
  clock.advance(10)
  await waitFor(() => woken.length === 1)

  expect(woken).toEqual(['early'])
  expect(clock.sleepers()).toBe(1)
})

test('waiting in vain ends with the last error as the cause', async () => {
  const waiting = waitFor(() => Promise.reject(new Error('still red')), { timeoutMs: 30, what: 'green' })

  await expect(waiting).rejects.toMatchObject({
    message: expect.stringContaining('green'),
    cause: { message: 'still red' },
  })
})
