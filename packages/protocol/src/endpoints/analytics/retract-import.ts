import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { ImportRecord } from '../../import.ts'

/** Takes an import back: its calls no longer count; the file may be imported again. */
export const RetractImport = endpoint({
  name: 'retractImport',
  method: 'DELETE',
  path: '/api/v1/imports/:importId',
  auth: 'access',
  params: z.object({ importId: Id }),
  response: z.object({ import: ImportRecord }),
  errors: ['not_found', 'conflict', 'forbidden'],
  service: 'analytics',
  summary: 'Takes an import back: its calls no longer count; the file may be imported again.',
})
