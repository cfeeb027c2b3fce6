import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { NewPassword } from '../../identity.ts'

/** Changes the password and ends every other session. */
export const ChangePassword = endpoint({
  name: 'changePassword',
  method: 'POST',
  path: '/api/v1/auth/password',
  auth: 'session',
  body: z.object({ currentPassword: z.string().max(1024), newPassword: NewPassword }),
  response: z.object({}),
  errors: ['unauthenticated', 'unprocessable', 'rate_limited', 'busy'],
  service: 'auth',
  summary: 'Changes the password and ends every other session.',
})
