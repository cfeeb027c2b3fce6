import { z } from 'zod'

/** An exact decimal number as text, never a float: `-12`, `0.0000375`. */
export const Decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a decimal number in text')
export type Decimal = z.output<typeof Decimal>
