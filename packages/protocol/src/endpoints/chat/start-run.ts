import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { Run } from '../../run.ts'
import { MessageText } from '../../thread.ts'

/** Posts a message and starts its run; idempotent by command id. A thread id not seen before creates the thread. */
export const StartRun = endpoint({
  name: 'startRun',
  method: 'POST',
  path: '/api/v1/threads/:threadId/runs',
  auth: 'access',
  params: z.object({ threadId: Id }),
  body: z.object({
    /** Client-made; repeating it gives the same answer, another body under it is refused. */
    commandId: Id,
    messageId: Id,
    /** The message this one follows; null for the first. */
    parentMessageId: Id.nullable().default(null),
    text: MessageText,
  }),
  response: z.object({ run: Run, seq: z.int().positive() }),
  status: 202,
  errors: ['not_found', 'conflict', 'idempotency_mismatch', 'rate_limited'],
  service: 'chat',
  summary:
    'Posts a message and starts its run; idempotent by command id. A thread id not seen before creates the thread.',
})
