import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { Text } from '../../text.ts'
import { Thread } from '../../thread.ts'

/** Gives a thread a title. */
export const RenameThread = endpoint({
  name: 'renameThread',
  method: 'PATCH',
  path: '/api/v1/threads/:threadId',
  auth: 'access',
  params: z.object({ threadId: Id }),
  body: z.object({ commandId: Id, title: Text.pipe(z.string().trim().min(1).max(120)) }),
  response: z.object({ thread: Thread, seq: z.int().positive() }),
  errors: ['not_found', 'idempotency_mismatch'],
  service: 'chat',
  summary: 'Gives a thread a title.',
})
