import { z } from 'zod'
import { Id } from '../id.ts'
import { Text } from '../text.ts'

/** A person's message is stored; the thread's first answerable fact. */
export const MessagePosted = z.object({
  type: z.literal('message_posted'),
  payload: z.object({
    author: z.literal('user'),
    text: Text,
    parentMessageId: Id.nullable(),
    /** Who posted it, for threads read by several people later. */
    userId: z.string(),
  }),
})
export type MessagePosted = z.output<typeof MessagePosted>
