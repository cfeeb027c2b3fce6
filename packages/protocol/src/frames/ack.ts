import { z } from 'zod'
import { StreamName } from '../stream.ts'

/** Cumulative: everything up to seq of each stream has been applied. For tracking, never for correctness. */
export const Ack = z.object({
  kind: z.literal('ack'),
  positions: z.array(z.object({ stream: StreamName, seq: z.int().nonnegative() })).max(200),
})
export type Ack = z.output<typeof Ack>
