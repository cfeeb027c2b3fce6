import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'

/** The rejects file: one JSON line per rejected line with line number, reason and content. */
export const GetRejects = endpoint({
  name: 'getRejects',
  method: 'GET',
  path: '/api/v1/imports/:importId/rejects',
  auth: 'access',
  params: z.object({ importId: Id }),
  response: z.unknown(),
  rawResponse: 'application/x-ndjson',
  errors: ['not_found'],
  service: 'analytics',
  summary: 'The rejects file: one JSON line per rejected line with line number, reason and content.',
})
