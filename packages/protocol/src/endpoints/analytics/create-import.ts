import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { ImportOptions, ImportRecord } from '../../import.ts'

/** Imports a file sent as the raw body (gzip allowed), streamed; answers when all good lines are committed together. */
export const CreateImport = endpoint({
  name: 'createImport',
  method: 'POST',
  path: '/api/v1/imports/:importId',
  auth: 'access',
  params: z.object({ importId: Id }),
  /** `map` is JSON text. */
  query: ImportOptions.omit({ map: true }).extend({ map: z.string().max(20_000).optional() }),
  rawBody: true,
  response: z.object({ import: ImportRecord }),
  status: 201,
  errors: ['unprocessable', 'conflict', 'busy', 'forbidden'],
  service: 'analytics',
  summary:
    'Imports a file sent as the raw body (gzip allowed), streamed; answers when all good lines are committed together.',
})
