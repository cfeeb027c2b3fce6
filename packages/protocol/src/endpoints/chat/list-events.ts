import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { ThreadEvent } from '../../thread-event.ts'

/** Events of a thread after a position: the plain fallback of the socket, the same log. */
export const ListEvents = endpoint({
  name: 'listEvents',
  method: 'GET',
  path: '/api/v1/threads/:threadId/events',
  auth: 'access',
  params: z.object({ threadId: Id }),
  query: z.object({
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(5000).default(500),
  }),
  response: z.object({ epoch: z.int().positive(), head: z.int().nonnegative(), events: z.array(ThreadEvent) }),
  errors: ['not_found'],
  service: 'chat',
  summary: 'Events of a thread after a position: the plain fallback of the socket, the same log.',
})
