import { z } from 'zod'

/** Units a figure can carry. Ratios are fractions of one; the display turns them into per cent. */
export const Unit = z.enum([
  'USD',
  'USD/call',
  'USD/Mtok',
  'USD/day',
  'USD/month',
  'tokens',
  'tokens/call',
  'calls',
  'calls/min',
  'ratio',
  'multiple',
  'seconds',
  'days',
  'count',
])
export type Unit = z.output<typeof Unit>
