import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Thread } from '../../thread.ts'

/** The person's threads, newest first, by a cursor. */
export const ListThreads = endpoint({
  name: 'listThreads',
  method: 'GET',
  path: '/api/v1/threads',
  auth: 'access',
  query: z.object({
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
    search: z.string().max(200).optional(),
  }),
  response: z.object({ threads: z.array(Thread), nextCursor: z.string().nullable() }),
  service: 'chat',
  summary: "The person's threads, newest first, by a cursor.",
})
