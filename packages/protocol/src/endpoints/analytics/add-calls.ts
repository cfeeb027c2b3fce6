import { z } from 'zod'
import { DataVersion } from '../../data-version.ts'
import { endpoint } from '../../endpoint.ts'

/** Adds a batch of calls as JSON; each is checked by itself, good ones become visible together. */
export const AddCalls = endpoint({
  name: 'addCalls',
  method: 'POST',
  path: '/api/v1/calls',
  auth: 'access',
  body: z.object({
    /** Each shaped as CallInput; checked one by one so that a bad one rejects only itself. */
    calls: z.array(z.unknown()).min(1).max(5000),
  }),
  response: z.object({
    accepted: z.int().nonnegative(),
    duplicates: z.int().nonnegative(),
    rejected: z.array(z.object({ index: z.int().nonnegative(), reason: z.string() })),
    unpriced: z.int().nonnegative(),
    dataVersion: DataVersion,
  }),
  maxBodyBytes: 16_777_216,
  errors: ['unprocessable', 'too_large', 'busy', 'forbidden'],
  service: 'analytics',
  summary: 'Adds a batch of calls as JSON; each is checked by itself, good ones become visible together.',
})
