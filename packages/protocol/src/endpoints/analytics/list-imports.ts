import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { ImportRecord } from '../../import.ts'

/** Imports of the organisation, newest first. */
export const ListImports = endpoint({
  name: 'listImports',
  method: 'GET',
  path: '/api/v1/imports',
  auth: 'access',
  response: z.object({ imports: z.array(ImportRecord) }),
  service: 'analytics',
  summary: 'Imports of the organisation, newest first.',
})
