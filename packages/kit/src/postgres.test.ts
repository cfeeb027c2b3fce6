import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { migrate } from './migrate.ts'
import { registerPoolGauges } from './pool-meter.ts'
import { connectPostgres, type Postgres, type PostgresOptions } from './postgres.ts'
import { type TestDatabase, testDatabase } from './testing/test-database.ts'
import { waitFor } from './testing/wait-for.ts'
import { transaction } from './transaction.ts'

let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'apex-migrations-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function migrations(name: string, files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(folder, `${name}-`))
  for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text)
  return directory
}

async function connected(options: PostgresOptions): Promise<Postgres> {
  const postgres = await connectPostgres(options)
  onTestFinished(async () => postgres[Symbol.asyncDispose]())
  return postgres
}

describe('connectPostgres', () => {
  test('looks names up in its schema and limits statements', async () => {
    const postgres = await connected({
      url: database.url,
      schema: 'odd"name',
      applicationName: 'kit-test',
      statementTimeoutMs: 50,
      transactionTimeoutMs: 70,
    })
    const [row] = await postgres.sql`
      select current_setting('search_path') as path, current_setting('application_name') as name,
        current_setting('transaction_timeout', true) as transaction`

    expect(row).toEqual({ path: '"odd""name"', name: 'kit-test', transaction: '70ms' })
    await expect(postgres.sql`select pg_sleep(5)`).rejects.toMatchObject({ code: '57014' })
  })

  test('reads bigint as a number and refuses one that would lose digits', async () => {
    const [row] = await database.sql`select 9007199254740991::bigint as safe, 10::numeric as exact`

    expect(row).toEqual({ safe: 9_007_199_254_740_991, exact: '10' })
    await expect(database.sql`select 9007199254740993::bigint as unsafe`).rejects.toThrow('does not fit a number')
    expect(await database.sql`select 1 as alive`).toHaveLength(1)
  })

  test('says which server does not answer, without the password', async () => {
    const url = 'postgres://apex:s3cret@127.0.0.1:1/apex'
    const connecting = connectPostgres({ url, schema: 'a', applicationName: 'a', connectAttempts: 1 })

    await expect(connecting).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.not.stringContaining('s3cret'),
    })
  })

  test('counts work under way and publishes it', async () => {
    const postgres = await connected({ url: database.url, schema: 'public', applicationName: 'a', max: 2 })
    const { sql } = postgres
    const metrics = new Registry()
    registerPoolGauges(metrics, 'kit', postgres.stats)
    const filter = sql`where true`
    const work = [
      sql`select pg_sleep(0.2) as slept ${filter}`.execute(),
      sql.begin((inner) => inner`select pg_sleep(0.2)`),
      sql.unsafe('select pg_sleep(0.2)').then((rows) => rows),
    ]
    await waitFor(() => postgres.stats().inFlight >= 2)

    expect(await metrics.metrics()).toMatch(/postgres_pool_in_flight\{service="kit"\} [23]/)
    await Promise.all(work)
    await waitFor(() => postgres.stats().inFlight === 0)
  })
})

describe('migrate', () => {
  const first = 'create table thing (id int primary key);'

  test('applies files once, also when several processes start together', async () => {
    const directory = await migrations('twice', {
      '0001-thing.sql': first,
      '0002-more.sql': 'insert into thing values (1);',
    })
    const processes = await Promise.all(
      [1, 2, 3, 4].map(() => connected({ url: database.url, schema: 'twice', applicationName: 'a' })),
    )
    await Promise.all(processes.map(({ sql }) => sql`select 1 as warm`))
    const applied = await Promise.all(processes.map(({ sql }) => migrate(sql, { directory, schema: 'twice' })))

    expect(applied.map((each) => each.length).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 2])
    expect(await database.sql`select id from twice.thing`).toEqual([{ id: 1 }])
  })

  test('refuses a file that was changed after it was applied', async () => {
    const before = await migrations('changed', { '0001-thing.sql': first })
    const after = await migrations('changed', { '0001-thing.sql': `${first} -- edited` })
    await migrate(database.sql, { directory: before, schema: 'changed' })

    await expect(migrate(database.sql, { directory: after, schema: 'changed' })).rejects.toMatchObject({
      code: 'migration_refused',
      migration: '0001-thing.sql',
    })
  })

  test('refuses a database written by a newer version', async () => {
    const newer = await migrations('newer', { '0001-thing.sql': first, '0002-more.sql': 'select 1;' })
    const older = await migrations('older', { '0001-thing.sql': first })
    await migrate(database.sql, { directory: newer, schema: 'newer' })

    await expect(migrate(database.sql, { directory: older, schema: 'newer' })).rejects.toThrow('newer version')
  })

  test('refuses a gap in the numbers', async () => {
    const directory = await migrations('gap', { '0001-thing.sql': first, '0003-more.sql': 'select 1;' })

    await expect(migrate(database.sql, { directory, schema: 'gap' })).rejects.toThrow('0002-')
  })

  test('leaves nothing behind when a file fails', async () => {
    const directory = await migrations('fails', { '0001-thing.sql': first, '0002-broken.sql': 'select nonsense;' })

    await expect(migrate(database.sql, { directory, schema: 'fails' })).rejects.toThrow('nonsense')
    expect(await database.sql`select 1 as one from pg_namespace where nspname = 'fails'`).toHaveLength(0)
  })
})

test('transaction repeats the loser of a conflict', async () => {
  const { sql } = database
  await sql`create table counter (id int primary key, value int not null)`
  await sql`insert into counter values (1, 0)`
  await Promise.all(
    [1, 2, 3].map(() =>
      transaction(sql, async (inner) => {
        await inner`set transaction isolation level serializable`
        const [row] = await inner<{ value: number }[]>`select value from counter where id = 1`
        await inner`update counter set value = ${(row?.value ?? 0) + 1} where id = 1`
      }),
    ),
  )

  expect(await sql`select value from counter`).toEqual([{ value: 3 }])
})
