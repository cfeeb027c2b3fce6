import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Invitation } from '../../identity.ts'

/** Invitations of the active organisation. Owners and admins only. */
export const ListInvitations = endpoint({
  name: 'listInvitations',
  method: 'GET',
  path: '/api/v1/auth/invitations',
  auth: 'session',
  response: z.object({ invitations: z.array(Invitation) }),
  errors: ['forbidden'],
  service: 'auth',
  summary: 'Invitations of the active organisation. Owners and admins only.',
})
