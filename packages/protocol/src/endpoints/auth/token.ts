import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Instant } from '../../id.ts'

/** Mints a five-minute access token for the session. */
export const MintToken = endpoint({
  name: 'mintToken',
  method: 'POST',
  path: '/api/v1/auth/token',
  auth: 'session',
  response: z.object({ accessToken: z.string(), expiresAt: Instant }),
  service: 'auth',
  summary: 'Mints a five-minute access token for the session.',
})
