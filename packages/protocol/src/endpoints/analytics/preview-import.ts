import { z } from 'zod'
import { CallInput } from '../../call.ts'
import { endpoint } from '../../endpoint.ts'
import { ImportOptions, Reject } from '../../import.ts'

/** Reads the first lines sent as the raw body: detected format, columns, sample calls and rejects; stores nothing. */
export const PreviewImport = endpoint({
  name: 'previewImport',
  method: 'POST',
  path: '/api/v1/imports/preview',
  auth: 'access',
  query: ImportOptions.omit({ map: true }).extend({ map: z.string().max(20_000).optional() }),
  rawBody: true,
  response: z.object({
    format: z.string(),
    columns: z.array(z.string()),
    unknownColumns: z.array(z.string()),
    /** What has to be given before the file can be imported well, for a person. */
    needs: z.array(z.object({ option: z.enum(['model', 'start', 'map']), why: z.string() })),
    sample: z.array(CallInput),
    rejects: z.array(Reject),
  }),
  errors: ['unprocessable'],
  service: 'analytics',
  summary:
    'Reads the first lines sent as the raw body: detected format, columns, sample calls and rejects; stores nothing.',
})
