import { z } from 'zod'
import { StreamName } from '../stream.ts'

/** The stream cannot be continued from the given position: read it from the start of this epoch. */
export const Reset = z.object({
  kind: z.literal('reset'),
  stream: StreamName,
  epoch: z.int().positive(),
  reason: z.string(),
})
export type Reset = z.output<typeof Reset>
