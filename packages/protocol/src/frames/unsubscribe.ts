import { z } from 'zod'
import { StreamName } from '../stream.ts'

/** Ends the delivery of streams; nothing is lost, the position is the client's. */
export const Unsubscribe = z.object({
  kind: z.literal('unsubscribe'),
  streams: z.array(StreamName).min(1).max(200),
})
export type Unsubscribe = z.output<typeof Unsubscribe>
