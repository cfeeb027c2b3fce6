import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Instant } from '../../id.ts'

/** Issues a single-use ticket that opens one socket within 30 seconds. */
export const CreateTicket = endpoint({
  name: 'createTicket',
  method: 'POST',
  path: '/api/v1/ws/ticket',
  auth: 'access',
  body: z.object({ clientId: z.string().min(1).max(64) }),
  response: z.object({ ticket: z.string(), expiresAt: Instant }),
  status: 201,
  errors: ['rate_limited', 'unavailable'],
  service: 'chat',
  summary: 'Issues a single-use ticket that opens one socket within 30 seconds.',
})
