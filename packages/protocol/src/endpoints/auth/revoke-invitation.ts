import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { OpaqueId } from '../../id.ts'

/** Withdraws an invitation that was not accepted. Owners and admins only. */
export const RevokeInvitation = endpoint({
  name: 'revokeInvitation',
  method: 'DELETE',
  path: '/api/v1/auth/invitations/:invitationId',
  auth: 'session',
  params: z.object({ invitationId: OpaqueId }),
  response: z.object({}),
  errors: ['forbidden', 'not_found'],
  service: 'auth',
  summary: 'Withdraws an invitation that was not accepted. Owners and admins only.',
})
