import { z } from 'zod'
import { DataVersion } from './data-version.ts'
import { Decimal } from './decimal.ts'
import { Rounding } from './figure.ts'
import { QuestionName } from './question.ts'
import { Json, Text } from './text.ts'
import { Unit } from './unit.ts'

/** A published figure bound to its evidence: ask `question` with `params` again and read figure `figureKey`. */
export const Claim = z.object({
  /** Unique within its report, made of letters and hyphens only, so that an id never looks like a figure. */
  id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  label: Text,
  value: Decimal,
  unit: Unit,
  rounding: Rounding,
  /** The value as the report prints it, such as `$1,234.56` or `30.4 %`. */
  display: z.string(),
  question: QuestionName,
  params: z.record(z.string(), Json),
  figureKey: z.string(),
  dataVersion: DataVersion,
  rows: z.array(z.record(z.string(), Json)).max(100),
  rowCount: z.int().nonnegative(),
  formula: Text,
})
export type Claim = z.output<typeof Claim>

/** Where in a text a claim's figure stands: UTF-16 offset and length. */
export const FigureSpan = z.object({
  offset: z.int().nonnegative(),
  length: z.int().positive(),
  claimId: z.string(),
})
export type FigureSpan = z.output<typeof FigureSpan>
