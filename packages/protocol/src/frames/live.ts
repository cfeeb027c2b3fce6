import { z } from 'zod'
import { StreamName } from '../stream.ts'

/** Replay of a stream is done: the client is caught up to head. */
export const Live = z.object({
  kind: z.literal('live'),
  stream: StreamName,
  head: z.int().nonnegative(),
})
export type Live = z.output<typeof Live>
