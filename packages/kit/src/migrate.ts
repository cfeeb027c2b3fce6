import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sql, TransactionSql } from 'postgres'

/** Thrown when the database and the migration files tell different histories; nothing was changed. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
  readonly code = 'migration_refused'
  readonly migration: string

  constructor(migration: string, message: string) {
    super(message)
    this.migration = migration
  }
}

type Migration = { name: string; text: string; checksum: string }

export type MigrateOptions = { directory: string | URL; schema: string }

/**
 * Brings a schema up to the numbered files `0001-….sql` of a directory and returns the names it applied. Runs under an
 * advisory lock and in one transaction: concurrent starts wait for each other, and a failure leaves nothing behind.
 * Throws `MigrationError` for an applied file that was changed or removed.
 */
export async function migrate(sql: Sql, { directory, schema }: MigrateOptions): Promise<string[]> {
  const files = await readMigrations(directory)
  const applied: string[] = await sql.begin(async (transaction) => {
    await transaction`set local statement_timeout = 0`
    await liftTransactionTimeout(transaction)
    await transaction`select pg_advisory_xact_lock(hashtextextended(${`migrate:${schema}`}, 0))`
    await transaction`create schema if not exists ${transaction(schema)}`
    await transaction`select set_config('search_path', ${`"${schema.replaceAll('"', '""')}"`}, true)`
    await transaction`create table if not exists migration (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`
    const history = await transaction<{ name: string; checksum: string }[]>`
      select name, checksum from migration order by name`
    const pending = pendingMigrations(files, history)
    for (const { name, text, checksum } of pending) {
      await transaction.unsafe(text)
      await transaction`insert into migration (name, checksum) values (${name}, ${checksum})`
    }
    return pending.map((each) => each.name)
  })
  return applied
}

/** One text that changes whenever a migration is added or edited. */
export async function migrationsFingerprint(directory: string | URL): Promise<string> {
  const files = await readMigrations(directory)
  return createHash('sha256')
    .update(files.map((each) => `${each.name}:${each.checksum}`).join('\n'))
    .digest('hex')
}

async function readMigrations(directory: string | URL): Promise<Migration[]> {
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name, index) => {
      const expected = String(index + 1).padStart(4, '0')
      if (!name.startsWith(`${expected}-`)) {
        throw new MigrationError(
          name,
          `Migration ${name} is out of order: a file starting with ${expected}- was expected.`,
        )
      }
      const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

function pendingMigrations(files: Migration[], applied: { name: string; checksum: string }[]): Migration[] {
  for (const [index, { name, checksum }] of applied.entries()) {
    const file = files[index]
    if (file?.name !== name) {
      throw new MigrationError(
        name,
        `The database has migration ${name}, which this version does not know. It was probably written by a newer version: start that one, or restore a backup.`,
      )
    }
    if (file.checksum !== checksum) {
      throw new MigrationError(
        name,
        `Migration ${name} was changed after it was applied. Put the file back as it was and write the change as a new migration.`,
      )
    }
  }
  return files.slice(applied.length)
}

// The setting exists from PostgreSQL 17 on; older servers have nothing to lift.
async function liftTransactionTimeout(transaction: TransactionSql): Promise<void> {
  await transaction`
    select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'`
}
