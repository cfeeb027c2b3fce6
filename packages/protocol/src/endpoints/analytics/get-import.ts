import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { ImportRecord } from '../../import.ts'

/** One import with its progress. */
export const GetImport = endpoint({
  name: 'getImport',
  method: 'GET',
  path: '/api/v1/imports/:importId',
  auth: 'access',
  params: z.object({ importId: Id }),
  response: z.object({ import: ImportRecord }),
  errors: ['not_found'],
  service: 'analytics',
  summary: 'One import with its progress.',
})
