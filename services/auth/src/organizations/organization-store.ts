import { newId } from '@apex/kit/id'
import type { Role } from '@apex/protocol/identity'
import type { Sql, TransactionSql } from 'postgres'
import type { Membership, OrganizationMember } from './membership.ts'

/** Organisations and who belongs to them. */
export class OrganizationStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** The organisations of a person, oldest membership first. */
  membershipsOf(userId: string): Promise<Membership[]> {
    return this.#sql<Membership[]>`
      select m.organization_id as "organizationId", o.name as "organizationName", m.role
      from members m join organizations o on o.id = m.organization_id
      where m.user_id = ${userId}
      order by m.created_at, m.id`
  }

  membersOf(organizationId: string): Promise<OrganizationMember[]> {
    return this.#sql<OrganizationMember[]>`
      select m.user_id as "userId", u.email, u.name, m.role, m.created_at as since
      from members m join users u on u.id = m.user_id
      where m.organization_id = ${organizationId}
      order by m.created_at, m.id`
  }

  async hasMemberWithEmail(organizationId: string, email: string): Promise<boolean> {
    const rows = await this.#sql`
      select 1 as one from members m join users u on u.id = m.user_id
      where m.organization_id = ${organizationId} and u.email = ${email}`
    return rows.length > 0
  }

  /** Creates an organisation owned by a person and returns its id. */
  create(organization: { name: string; userId: string }): Promise<string> {
    return this.inTransaction((sql) => this.insertWithOwner(sql, organization))
  }

  /** The same as a part of a transaction. */
  async insertWithOwner(sql: TransactionSql, { name, userId }: { name: string; userId: string }): Promise<string> {
    const organizationId = newId()
    await sql`
      insert into organizations (id, name, slug, created_at)
      values (${organizationId}, ${name}, ${organizationId}, now())`
    await this.insertMember(sql, { organizationId, userId, role: 'owner' })
    return organizationId
  }

  /** Adds a person; one who belongs already keeps the role they have. */
  async insertMember(
    sql: TransactionSql,
    { organizationId, userId, role }: { organizationId: string; userId: string; role: Role },
  ): Promise<void> {
    await sql`
      insert into members (id, organization_id, user_id, role, created_at)
      values (${newId()}, ${organizationId}, ${userId}, ${role}, now())
      on conflict (organization_id, user_id) do nothing`
  }

  /** Runs work that spans accounts and organisations in one transaction. */
  async inTransaction<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T> {
    return (await this.#sql.begin(work)) as T
  }
}
