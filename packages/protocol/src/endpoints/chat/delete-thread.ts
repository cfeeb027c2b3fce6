import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'

/** Deletes a thread; a run in it is stopped first. */
export const DeleteThread = endpoint({
  name: 'deleteThread',
  method: 'DELETE',
  path: '/api/v1/threads/:threadId',
  auth: 'access',
  params: z.object({ threadId: Id }),
  response: z.object({}),
  errors: ['not_found'],
  service: 'chat',
  summary: 'Deletes a thread; a run in it is stopped first.',
})
