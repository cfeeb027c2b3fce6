import { z } from 'zod'
import { Text } from '../text.ts'

/** The thread has a new title. */
export const ThreadRenamed = z.object({
  type: z.literal('thread_renamed'),
  payload: z.object({ title: Text, by: z.enum(['user', 'automatic']) }),
})
export type ThreadRenamed = z.output<typeof ThreadRenamed>
