import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { OpaqueId } from '../../id.ts'

/** Ends one of the person's own sessions. */
export const RevokeSession = endpoint({
  name: 'revokeSession',
  method: 'DELETE',
  path: '/api/v1/auth/sessions/:sessionId',
  auth: 'session',
  params: z.object({ sessionId: OpaqueId }),
  response: z.object({}),
  errors: ['not_found'],
  service: 'auth',
  summary: "Ends one of the person's own sessions.",
})
