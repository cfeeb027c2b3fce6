import { newId } from '@apex/kit/id'
import type { Sql, TransactionSql } from 'postgres'
import type { Account } from './account.ts'

/** People and their passwords; e-mail addresses are compared in lower case. */
export class AccountStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  async findByEmail(email: string): Promise<Account | undefined> {
    const [row] = await this.#sql<Account[]>`
      select u.id as "userId", u.email, u.name, a.password as "passwordHash"
      from users u join accounts a on a.user_id = u.id and a.provider_id = 'credential'
      where u.email = ${email.toLowerCase()} and a.password is not null`
    return row
  }

  async anyExists(sql: TransactionSql): Promise<boolean> {
    const rows = await sql`select 1 as one from users limit 1`
    return rows.length > 0
  }

  /** Creates a person with a password and returns the new user id. */
  async insert(sql: TransactionSql, account: Omit<Account, 'userId'>): Promise<string> {
    const userId = newId()
    await sql`
      insert into users (id, name, email, email_verified)
      values (${userId}, ${account.name}, ${account.email.toLowerCase()}, false)`
    await sql`
      insert into accounts (id, account_id, provider_id, user_id, password, updated_at)
      values (${newId()}, ${userId}, 'credential', ${userId}, ${account.passwordHash}, now())`
    return userId
  }
}
