import { z } from 'zod'
import { StreamName } from '../stream.ts'
import { ThreadEvent } from '../thread-event.ts'

/** Consecutive events of one stream; a frame never skips a number, a repeat is legal. */
export const Ev = z.object({
  kind: z.literal('ev'),
  stream: StreamName,
  epoch: z.int().positive(),
  firstSeq: z.int().positive(),
  events: z.array(ThreadEvent).min(1),
})
export type Ev = z.output<typeof Ev>
