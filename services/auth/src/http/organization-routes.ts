import { sessionRoute } from '@apex/kit/http/route'
import { CreateInvitation } from '@apex/protocol/endpoints/auth/create-invitation'
import { CreateOrganization } from '@apex/protocol/endpoints/auth/create-organization'
import { ListInvitations } from '@apex/protocol/endpoints/auth/list-invitations'
import { ListMembers } from '@apex/protocol/endpoints/auth/list-members'
import { RevokeInvitation } from '@apex/protocol/endpoints/auth/revoke-invitation'
import type { Invitation } from '@apex/protocol/identity'
import type { AuthEvents } from '../events.ts'
import type { InvitationRow } from '../invitations/invitation.ts'
import type { Invitations } from '../invitations/invitations.ts'
import type { OrganizationMember } from '../organizations/membership.ts'
import { requireRole } from '../organizations/roles.ts'
import type { AuthApp } from './auth-app.ts'

export type OrganizationRoutesDependencies = {
  organizations: {
    membersOf(organizationId: string): Promise<OrganizationMember[]>
    create(organization: { name: string; userId: string }): Promise<string>
  }
  invitations: Invitations
  events: AuthEvents
}

/** The active organisation: its members and invitations; and new organisations. */
export function addOrganizationRoutes(
  app: AuthApp,
  { organizations, invitations, events }: OrganizationRoutesDependencies,
): void {
  sessionRoute(app, ListMembers, async ({ session }) => {
    const members = await organizations.membersOf(session.membership.organizationId)
    return { members: members.map((member) => ({ ...member, since: member.since.toISOString() })) }
  })

  sessionRoute(app, CreateOrganization, async ({ session, body }) => {
    requireRole(session, ['owner'], 'create an organisation')
    const id = await organizations.create({ name: body.name, userId: session.user.id })
    events.organizationCreated(session, id)
    return { organization: { id, name: body.name } }
  })

  sessionRoute(app, CreateInvitation, async ({ session, body }) => {
    requireRole(session, ['owner', 'admin'], 'invite people')
    const { invitation, token } = await invitations.create(session, body)
    events.invitationCreated(session, invitation.id)
    return { invitation: invitationOf(invitation), token }
  })

  sessionRoute(app, ListInvitations, async ({ session }) => {
    requireRole(session, ['owner', 'admin'], 'see invitations')
    return { invitations: (await invitations.list(session)).map(invitationOf) }
  })

  sessionRoute(app, RevokeInvitation, async ({ session, params }) => {
    requireRole(session, ['owner', 'admin'], 'revoke invitations')
    await invitations.revoke(session, params.invitationId)
    events.invitationRevoked(session, params.invitationId)
    return {}
  })
}

function invitationOf({ id, email, role, status, expiresAt }: InvitationRow): Invitation {
  return { id, email, role, state: status, expiresAt: expiresAt.toISOString() }
}
