import { z } from 'zod'
import { Instant } from '../id.ts'
import { StreamName } from '../stream.ts'

/** Whether a stream is open to the reader, must be read anew, or is not there for them. */
export const StreamState = z.object({
  stream: StreamName,
  epoch: z.int().nonnegative(),
  head: z.int().nonnegative(),
  state: z.enum(['ok', 'reset', 'denied']),
})
export type StreamState = z.output<typeof StreamState>

/** The server's answer to hello: limits, heartbeat, a ticket to come back with, and the state of each stream. */
export const Welcome = z.object({
  kind: z.literal('welcome'),
  connectionId: z.string(),
  serverTime: Instant,
  sessionExpiresAt: Instant,
  heartbeat: z.object({ pingMs: z.int().positive(), pongDeadlineMs: z.int().positive() }),
  limits: z.object({ frameBytes: z.int().positive(), streams: z.int().positive(), sockets: z.int().positive() }),
  reconnectTicket: z.string(),
  streams: z.array(StreamState),
})
export type Welcome = z.output<typeof Welcome>
