import { randomBytes } from 'node:crypto'
import type { TransactionSql } from 'postgres'
import type { AccountStore } from './account-store.ts'
import type { PasswordHasher } from './password-hasher.ts'

export type OwnerOptions = {
  email?: string
  organizationName?: string
  /** Keeps the password before the account is committed, so that no account exists whose password nobody has. */
  keep?: (owner: NewOwner) => Promise<void>
}

/** The first account, with the password nobody has seen yet: shown once, stored nowhere. */
export type NewOwner = { email: string; password: string; organizationId: string }

export type OwnerDependencies = {
  accounts: AccountStore
  passwords: PasswordHasher
  organizations: {
    inTransaction<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T>
    insertWithOwner(sql: TransactionSql, organization: { name: string; userId: string }): Promise<string>
  }
}

/** Creates the owner and the first organisation when there is no account at all; answers null when there is one. */
export async function ensureOwner(
  { accounts, organizations, passwords }: OwnerDependencies,
  { email = 'owner@apex.local', organizationName = 'My organisation', keep }: OwnerOptions,
): Promise<NewOwner | null> {
  const password = generatePassword()
  const passwordHash = await passwords.hash(password)
  return organizations.inTransaction(async (sql) => {
    // Two first starts on one database must not both find it empty.
    await sql`select pg_advisory_xact_lock(hashtextextended('auth:owner', 0))`
    if (await accounts.anyExists(sql)) return null
    const userId = await accounts.insert(sql, { email, name: 'Owner', passwordHash })
    const organizationId = await organizations.insertWithOwner(sql, { name: organizationName, userId })
    const owner = { email, password, organizationId }
    await keep?.(owner)
    return owner
  })
}

// 100 random bits in groups that can be read aloud; letters that look alike are left out.
function generatePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789X'
  const letters = Array.from(randomBytes(20), (byte) => alphabet[byte % 32])
  return [0, 5, 10, 15].map((start) => letters.slice(start, start + 5).join('')).join('-')
}
