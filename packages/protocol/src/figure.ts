import { z } from 'zod'
import { Decimal } from './decimal.ts'
import { Json, Text } from './text.ts'
import { Unit } from './unit.ts'

/** How a value is shown: decimal places after conversion to its display (a ratio is shown as per cent). */
export const Rounding = z.object({ places: z.int().min(0).max(12) })
export type Rounding = z.output<typeof Rounding>

/** One named number of an answer: exact value, unit, how it came about and which rows add up to it. */
export const Figure = z.object({
  key: z.string().regex(/^[a-z0-9][a-z0-9._:/-]*$/i),
  label: Text,
  value: Decimal,
  unit: Unit,
  rounding: Rounding,
  /** The formula in words or symbols, over the rows. */
  formula: Text,
  /** The rows the value is computed from; at most 100 here, `rowCount` says how many there are. */
  rows: z.array(z.record(z.string(), Json)).max(100),
  rowCount: z.int().nonnegative(),
})
export type Figure = z.output<typeof Figure>
