import { z } from 'zod'
import { StreamName } from '../stream.ts'

/** First frame of a client: who, from where, and where each stream was left. At most 4 KiB, within 5 s. */
export const Hello = z.object({
  kind: z.literal('hello'),
  version: z.string(),
  /** Absent when the upgrade request already carried a valid credential. */
  ticket: z.string().min(20).max(200).optional(),
  clientId: z.string().min(1).max(64),
  tabId: z.string().min(1).max(64),
  streams: z.array(z.object({ stream: StreamName, epoch: z.int().nonnegative(), seq: z.int().nonnegative() })).max(200),
})
export type Hello = z.output<typeof Hello>
