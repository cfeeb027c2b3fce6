import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'

/** The public keys that verify access tokens. */
export const GetJwks = endpoint({
  name: 'getJwks',
  method: 'GET',
  path: '/api/v1/auth/jwks.json',
  auth: 'public',
  response: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
  service: 'auth',
  summary: 'The public keys that verify access tokens.',
})
