import { z } from 'zod'
import { Id } from '../id.ts'
import { StreamName } from '../stream.ts'

/** Something in the person's thread list changed: fetch what the list shows. Ephemeral, newest only. */
export const UserChanged = z.object({
  kind: z.literal('user_changed'),
  stream: StreamName,
  threadId: Id,
})
export type UserChanged = z.output<typeof UserChanged>
