import { z } from 'zod'

/** The server will close soon: open a new socket first, within the window. */
export const Goaway = z.object({
  kind: z.literal('goaway'),
  delayMs: z.int().nonnegative(),
  windowMs: z.int().nonnegative(),
  reason: z.string(),
})
export type Goaway = z.output<typeof Goaway>
