import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Invitation, Role } from '../../identity.ts'

/** Invites a person to the active organisation; the link is shown once. Owners and admins only. */
export const CreateInvitation = endpoint({
  name: 'createInvitation',
  method: 'POST',
  path: '/api/v1/auth/invitations',
  auth: 'session',
  body: z.object({ email: z.email().max(254), role: Role.exclude(['owner']).default('member') }),
  response: z.object({ invitation: Invitation, token: z.string() }),
  status: 201,
  errors: ['forbidden', 'conflict', 'rate_limited'],
  service: 'auth',
  summary: 'Invites a person to the active organisation; the link is shown once. Owners and admins only.',
})
