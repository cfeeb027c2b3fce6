import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { Thread } from '../../thread.ts'

/** One thread. */
export const GetThread = endpoint({
  name: 'getThread',
  method: 'GET',
  path: '/api/v1/threads/:threadId',
  auth: 'access',
  params: z.object({ threadId: Id }),
  response: z.object({ thread: Thread }),
  errors: ['not_found'],
  service: 'chat',
  summary: 'One thread.',
})
