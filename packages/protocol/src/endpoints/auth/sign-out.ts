import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'

/** Ends the session: its tokens and sockets are dead within a second. */
export const SignOut = endpoint({
  name: 'signOut',
  method: 'POST',
  path: '/api/v1/auth/sign-out',
  auth: 'session',
  response: z.object({}),
  service: 'auth',
  summary: 'Ends the session: its tokens and sockets are dead within a second.',
})
