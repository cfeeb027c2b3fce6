import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'

/** Publishes a new signing key and moves to it; tokens of the old key stay valid until they expire. Owners only. */
export const RotateKeys = endpoint({
  name: 'rotateKeys',
  method: 'POST',
  path: '/api/v1/auth/keys/rotate',
  auth: 'session',
  response: z.object({ kid: z.string() }),
  errors: ['forbidden'],
  service: 'auth',
  summary:
    'Publishes a new signing key and moves to it; tokens of the old key stay valid until they expire. Owners only.',
})
