import { z } from 'zod'
import { Instant } from '../id.ts'
import { StreamName } from '../stream.ts'

/** Server heartbeat with the heads of the subscribed streams. */
export const Ping = z.object({
  kind: z.literal('ping'),
  id: z.int().nonnegative(),
  serverTime: Instant,
  heads: z.array(z.object({ stream: StreamName, seq: z.int().nonnegative() })),
})
export type Ping = z.output<typeof Ping>
