import { randomUUID } from 'node:crypto'
import connect, { type Sql } from 'postgres'
import { afterAll } from 'vitest'
import { migrate, migrationsFingerprint } from '../migrate.ts'
import { connectPostgres, type PostgresOptions } from '../postgres.ts'
import { testServerUrl } from './test-server-url.ts'

export type TestDatabaseOptions = Partial<Omit<PostgresOptions, 'url' | 'schema'>> & {
  /** The service's folder of migrations; without one the database is empty. */
  migrations?: string | URL
  schema?: string
}

/** A database of this test file alone. */
export type TestDatabase = { readonly sql: Sql; readonly url: string }

/**
 * Clones a database from a template that is migrated once per run, and connects to it. Call it at the top of a file or
 * in `describe`, `beforeAll` or a test; the pool closes and the database goes when the file is done.
 */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { migrations, schema = 'public', ...rest } = options
  const serverUrl = await testServerUrl('postgres')
  const name = `apex_test_${randomUUID().replaceAll('-', '')}`
  const admin = connect(serverUrl, { max: 1, onnotice: () => undefined })
  try {
    const template = migrations ? await ensureTemplate({ admin, serverUrl, migrations, schema }) : 'template1'
    await admin`select pg_advisory_lock(hashtextextended(${template}, 0))`
    await admin`create database ${admin(name)} template ${admin(template)}`
  } finally {
    await admin.end()
  }
  const url = databaseUrl(serverUrl, name)
  const postgres = await connectPostgres({ applicationName: 'test', max: 5, ...rest, url, schema })
  onFileEnd(async () => {
    await postgres[Symbol.asyncDispose]()
    await dropDatabase(serverUrl, name)
  })
  return { sql: postgres.sql, url }
}

type TemplateOptions = { admin: Sql; serverUrl: string; migrations: string | URL; schema: string }

async function ensureTemplate({ admin, serverUrl, migrations, schema }: TemplateOptions): Promise<string> {
  const fingerprint = await migrationsFingerprint(migrations)
  const template = `apex_template_${schema}_${fingerprint.slice(0, 16)}`
  await admin`select pg_advisory_lock(hashtextextended(${template}, 0))`
  const [ready] = await admin`select 1 as one from pg_database where datname = ${template}`
  if (!ready) {
    // Under a working name until it is migrated, so that a failed attempt is never taken for a template.
    const draft = `${template}_draft`
    await admin`drop database if exists ${admin(draft)} with (force)`
    await admin`create database ${admin(draft)}`
    const sql = connect(databaseUrl(serverUrl, draft), { max: 1, onnotice: () => undefined })
    try {
      await migrate(sql, { directory: migrations, schema })
    } finally {
      await sql.end()
    }
    await admin`alter database ${admin(draft)} rename to ${admin(template)}`
  }
  await admin`select pg_advisory_unlock(hashtextextended(${template}, 0))`
  return template
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  const admin = connect(serverUrl, { max: 1, onnotice: () => undefined })
  await admin`drop database if exists ${admin(name)} with (force)`
  await admin.end()
}

// Inside a running test no hook can be added any more; the database then goes with the run's server.
function onFileEnd(work: () => Promise<void>): void {
  try {
    afterAll(work)
  } catch {
    // Nothing to register with.
  }
}
