import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Instant } from '../../id.ts'
import { Me } from '../../identity.ts'

/** Signs in with e-mail and password; sets the session cookie, or returns a session token for the bearer header. */
export const SignIn = endpoint({
  name: 'signIn',
  method: 'POST',
  path: '/api/v1/auth/sign-in',
  auth: 'public',
  body: z.object({
    email: z.string().max(254),
    password: z.string().max(1024),
    transport: z.enum(['cookie', 'token']).default('cookie'),
  }),
  response: Me.extend({ sessionToken: z.string().optional(), sessionExpiresAt: Instant }),
  errors: ['unauthenticated', 'rate_limited', 'busy'],
  service: 'auth',
  summary:
    'Signs in with e-mail and password; sets the session cookie, or returns a session token for the bearer header.',
})
