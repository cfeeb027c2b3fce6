import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { ImportRecord } from '../../import.ts'

/** Loads generated sample data, labelled as such everywhere. */
export const LoadSample = endpoint({
  name: 'loadSample',
  method: 'POST',
  path: '/api/v1/imports/sample',
  auth: 'access',
  body: z.object({ importId: Id }),
  response: z.object({ import: ImportRecord }),
  status: 201,
  errors: ['conflict', 'forbidden'],
  service: 'analytics',
  summary: 'Loads generated sample data, labelled as such everywhere.',
})
