import { z } from 'zod'

/** The client's answer to a ping. */
export const Pong = z.object({
  kind: z.literal('pong'),
  id: z.int().nonnegative(),
})
export type Pong = z.output<typeof Pong>
