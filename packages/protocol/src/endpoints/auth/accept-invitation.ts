import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Instant } from '../../id.ts'
import { Me } from '../../identity.ts'
import { Text } from '../../text.ts'

/** Accepts an invitation: creates the account (or checks the password of the existing one), joins and signs in. */
export const AcceptInvitation = endpoint({
  name: 'acceptInvitation',
  method: 'POST',
  path: '/api/v1/auth/invitations/accept',
  auth: 'public',
  body: z.object({
    token: z.string().max(200),
    name: Text.pipe(z.string().min(1).max(100)),
    password: z.string().max(1024),
    transport: z.enum(['cookie', 'token']).default('cookie'),
  }),
  response: Me.extend({ sessionToken: z.string().optional(), sessionExpiresAt: Instant }),
  status: 201,
  errors: ['not_found', 'gone', 'unauthenticated', 'unprocessable', 'rate_limited'],
  service: 'auth',
  summary:
    'Accepts an invitation: creates the account (or checks the password of the existing one), joins and signs in.',
})
