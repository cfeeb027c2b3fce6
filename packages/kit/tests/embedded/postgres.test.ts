import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres.ts'
import { processesWorkingIn } from '../../src/embedded/postgres-strays.ts'
import { DirectoryInUseError } from '../../src/process/directory-lock.ts'
import { eventually, runs, silentLog, startOwner, temporaryFolder, untilTestEnds } from './store-harness.ts'

async function select<T>(url: string, work: (sql: pg.Sql) => Promise<T>): Promise<T> {
  const sql = pg(url, { max: 1, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

describe('an embedded Postgres', () => {
  let folder: string
  let store: EmbeddedPostgres
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kit-postgres-'))
    store = await startEmbeddedPostgres({ dataDirectory: folder, log: silentLog })
  }, 60_000)
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  }, 60_000)

  test('is PostgreSQL 18 in UTF-8 that flushes what it commits', async () => {
    const [row] = await select(
      store.url,
      (
        sql,
      ) => sql`select current_setting('server_version_num')::int / 10000 as major, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as commit, current_setting('server_encoding') as encoding,
        'ä' < 'z' as bytewise, upper('ä') as upper, current_setting('timezone') as zone`,
    )

    expect(row).toEqual({
      major: 18,
      fsync: 'on',
      commit: 'on',
      encoding: 'UTF8',
      bytewise: false,
      upper: 'Ä',
      zone: 'UTC',
    })
  })

  test('refuses a wrong password and keeps the right one readable by its owner only', async () => {
    const wrong = new URL(store.url)
    wrong.password = 'wrong'

    await expect(select(wrong.href, (sql) => sql`select 1`)).rejects.toThrow(/password authentication failed/)
    expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700)
  })

  test('refuses a second owner of its folder and names the first', async () => {
    const second = startEmbeddedPostgres({ dataDirectory: folder, log: silentLog })

    await expect(second).rejects.toThrow(DirectoryInUseError)
    await expect(second).rejects.toMatchObject({ pid: process.pid, directory: folder })
  })

  test('comes back on the same address with everything committed when it is killed', async () => {
    await select(store.url, (sql) => sql`create table kept as select g from generate_series(1, 1000) g`)
    const before = store.pid
    store.kill('SIGKILL')

    const tookMs = await eventually(async () => {
      const rows = await select(store.url, (sql) => sql`select count(*)::int as n from kept`).catch(() => [])
      return rows[0]?.n === 1000 && store.state === 'running'
    })

    console.log(`postgres served again ${Math.round(tookMs)} ms after SIGKILL`)
    expect(store.pid).not.toBe(before)
  }, 30_000)
})

test('everything of Postgres is gone within seconds when its owner is killed, and the next start has the data', async () => {
  const folder = await temporaryFolder()
  const first = await startOwner('postgres', folder)
  await select(first.url, (sql) => sql`create table kept as select 1 as n`)
  const dataFolder = join(folder, 'data')
  expect((await processesWorkingIn(dataFolder)).length).toBeGreaterThan(3)

  first.process.kill('SIGKILL')
  // At once, while the old processes are still ending.
  const second = untilTestEnds(await startEmbeddedPostgres({ dataDirectory: folder, log: silentLog }))

  expect(await runs(first.pid)).toBe(false)
  expect(await select(second.url, (sql) => sql`select n from kept`)).toEqual([{ n: 1 }])
}, 60_000)

test('no process of Postgres outlives an owner that is killed', async () => {
  const folder = await temporaryFolder()
  const owner = await startOwner('postgres', folder)

  owner.process.kill('SIGKILL')

  const tookMs = await eventually(async () => (await processesWorkingIn(join(folder, 'data'))).length === 0)
  console.log(`all postgres processes gone ${Math.round(tookMs)} ms after their owner was killed`)
}, 60_000)

test('a postmaster left without owner is ended before the next one starts', async () => {
  const folder = await temporaryFolder()
  const owner = await startOwner('postgres', folder)
  // Stopped, it cannot act on the kernel's signal, which is how a process stuck in the disk behaves.
  process.kill(owner.pid, 'SIGSTOP')
  owner.process.kill('SIGKILL')

  const next = untilTestEnds(await startEmbeddedPostgres({ dataDirectory: folder, log: silentLog }))

  expect(await runs(owner.pid)).toBe(false)
  expect(next.pid).not.toBe(owner.pid)
}, 60_000)

test('a start killed while the cluster was being created leaves nothing in the way', async () => {
  const folder = await temporaryFolder()
  const child = (await import('node:child_process')).spawn(
    process.execPath,
    [new URL('store-owner.ts', import.meta.url).pathname, 'postgres', folder],
    { stdio: 'ignore' },
  )
  await eventually(() =>
    stat(join(folder, 'data.new', 'base')).then(
      () => true,
      () => false,
    ),
  )
  child.kill('SIGKILL')

  const store = untilTestEnds(
    await startEmbeddedPostgres({ dataDirectory: folder, log: silentLog, durability: 'none' }),
  )

  expect(await select(store.url, (sql) => sql`select 1 as n`)).toEqual([{ n: 1 }])
}, 60_000)
