import { z } from 'zod'
import { StreamState } from './welcome.ts'

/** The state of each stream just asked for. */
export const Subscribed = z.object({
  kind: z.literal('subscribed'),
  streams: z.array(StreamState),
})
export type Subscribed = z.output<typeof Subscribed>
