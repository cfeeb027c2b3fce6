import { z } from 'zod'
import { StreamName } from '../stream.ts'

/** Adds streams to an open socket, each from a position. */
export const Subscribe = z.object({
  kind: z.literal('subscribe'),
  streams: z
    .array(z.object({ stream: StreamName, epoch: z.int().nonnegative(), seq: z.int().nonnegative() }))
    .min(1)
    .max(200),
})
export type Subscribe = z.output<typeof Subscribe>
