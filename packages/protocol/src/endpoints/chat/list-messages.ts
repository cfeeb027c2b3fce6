import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { Message } from '../../thread.ts'

/** Messages of a thread in the order they came. */
export const ListMessages = endpoint({
  name: 'listMessages',
  method: 'GET',
  path: '/api/v1/threads/:threadId/messages',
  auth: 'access',
  params: z.object({ threadId: Id }),
  response: z.object({ messages: z.array(Message) }),
  errors: ['not_found'],
  service: 'chat',
  summary: 'Messages of a thread in the order they came.',
})
