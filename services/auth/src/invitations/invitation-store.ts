import { newId } from '@apex/kit/id'
import type { Role } from '@apex/protocol/identity'
import type { Sql, TransactionSql } from 'postgres'
import type { InvitationRow, OpenInvitation } from './invitation.ts'

export type NewInvitation = {
  organizationId: string
  inviterId: string
  email: string
  role: Role
  tokenHash: string
  expiresAt: Date
}

/** Invitations of organisations; a token is looked up by its hash. */
export class InvitationStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Stores an invitation; undefined when a pending one for the address exists. */
  async insert(invitation: NewInvitation, now: Date): Promise<InvitationRow | undefined> {
    const { organizationId, inviterId, email, role, tokenHash, expiresAt } = invitation
    await this.#sql`
      update invitations set status = 'expired'
      where organization_id = ${organizationId} and status = 'pending' and expires_at <= ${now}`
    const [row] = await this.#sql<InvitationRow[]>`
      insert into invitations (id, organization_id, email, role, status, expires_at, inviter_id, token_hash)
      values (${newId()}, ${organizationId}, ${email}, ${role}, 'pending', ${expiresAt}, ${inviterId}, ${tokenHash})
      on conflict (organization_id, email) where status = 'pending' do nothing
      returning id, email, role, status, expires_at as "expiresAt"`
    return row
  }

  async countPending(organizationId: string, now: Date): Promise<number> {
    const [row] = await this.#sql<{ count: number }[]>`
      select count(*)::int as count from invitations
      where organization_id = ${organizationId} and status = 'pending' and expires_at > ${now}`
    return row?.count ?? 0
  }

  listOf(organizationId: string): Promise<InvitationRow[]> {
    return this.#sql<InvitationRow[]>`
      select id, email, role, status, expires_at as "expiresAt" from invitations
      where organization_id = ${organizationId}
      order by created_at desc limit 500`
  }

  /** Withdraws a pending invitation of the organisation; false when it has none such. */
  async revoke(organizationId: string, invitationId: string): Promise<boolean> {
    const rows = await this.#sql`
      update invitations set status = 'revoked'
      where organization_id = ${organizationId} and id = ${invitationId} and status = 'pending'
      returning id`
    return rows.length > 0
  }

  async findByToken(tokenHash: string): Promise<OpenInvitation | undefined> {
    const [row] = await this.#sql<OpenInvitation[]>`
      select i.id, i.email, i.role, i.status, i.expires_at as "expiresAt",
        i.organization_id as "organizationId", o.name as "organizationName"
      from invitations i join organizations o on o.id = i.organization_id
      where i.token_hash = ${tokenHash}`
    return row
  }

  /** Uses an invitation up; false when somebody else did, or it ended meanwhile. */
  async take(sql: TransactionSql, { id, organizationId }: OpenInvitation, now: Date): Promise<boolean> {
    const rows = await sql`
      update invitations set status = 'accepted'
      where organization_id = ${organizationId} and id = ${id} and status = 'pending' and expires_at > ${now}
      returning id`
    return rows.length > 0
  }
}
