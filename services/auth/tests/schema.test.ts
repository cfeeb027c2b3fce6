import { captureLog } from '@apex/kit/testing/capture-log'
import { testDatabase } from '@apex/kit/testing/test-database'
import { getMigrations } from 'better-auth/db/migration'
import { expect, test } from 'vitest'
import { PasswordHasher } from '../src/accounts/password-hasher.ts'
import { betterAuthOptions } from '../src/better-auth.ts'
import { createLibraryPool } from '../src/library-pool.ts'

async function missing(url: string) {
  const { log } = captureLog()
  const pool = createLibraryPool({ url, schema: 'auth', max: 1, log })
  const passwords = new PasswordHasher()
  const options = betterAuthOptions({
    pool,
    secret: 'unused'.repeat(8),
    log,
    idleMs: 1_000,
    passwords,
    beforeSession: async () => ({}),
  })
  const { toBeCreated, toBeAdded, schemaProblems } = await getMigrations(options)
  await pool.end()
  return {
    tables: toBeCreated.map((each) => each.table),
    columns: toBeAdded.flatMap((each) => Object.keys(each.fields).map((field) => `${each.table}.${field}`)),
    schemaProblems,
  }
}

test('the migrations make the tables the library expects', async () => {
  const { url } = await testDatabase({ migrations: new URL('../db/migrations/', import.meta.url), schema: 'auth' })

  expect(await missing(url)).toEqual({ tables: [], columns: [], schemaProblems: [] })
})

test('the comparison notices what is missing', async () => {
  const { url, sql } = await testDatabase({ migrations: new URL('../db/migrations/', import.meta.url), schema: 'auth' })
  await sql`alter table sessions drop column user_agent`
  await sql`drop table verifications`

  expect(await missing(url)).toMatchObject({ tables: ['verifications'], columns: ['sessions.user_agent'] })
})
