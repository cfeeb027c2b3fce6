import { z } from 'zod'

/** Disjoint classes of tokens; a total is the sum of its classes, never the other way round. */
export const TOKEN_CLASSES = [
  'input_uncached',
  'cache_read',
  'cache_write_5m',
  'cache_write_1h',
  'output_text',
  'output_reasoning',
] as const
export const TokenClass = z.enum(TOKEN_CLASSES)
export type TokenClass = z.output<typeof TokenClass>

/** How sure the token counts of a call are. */
export const UsageState = z.enum(['reported', 'estimated', 'unknown'])
export type UsageState = z.output<typeof UsageState>

/** Whether a rate was found for the call; an unpriced call has no cost, which is not a cost of zero. */
export const CostState = z.enum(['priced', 'unpriced'])
export type CostState = z.output<typeof CostState>

/** Whether the source counted cached tokens inside its input tokens. */
export const InputSemantics = z.enum(['inclusive', 'exclusive', 'unknown'])
export type InputSemantics = z.output<typeof InputSemantics>
