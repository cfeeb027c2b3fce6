import { TOKEN_CLASSES, type TokenClass } from '@apex/protocol/token-class'
import { type BookModel, ratesAt } from './book-model.ts'
import type { PriceBook } from './price-book.ts'
import { costOfTokens, FULL_PRICE, type PriceFactor, type Rates } from './rate.ts'

/** Token counts by disjoint class. */
export type TokenCounts = Record<TokenClass, number>

export const INPUT_CLASSES = ['input_uncached', 'cache_read', 'cache_write_5m', 'cache_write_1h'] as const
export const OUTPUT_CLASSES = ['output_text', 'output_reasoning'] as const

/** Why a call has no cost. */
export type UnpricedReason =
  | 'no-model'
  | 'unknown-provider'
  | 'unknown-model'
  | 'unknown-usage'
  | 'no-batch-rate'
  | `no-rate:${TokenClass}`

/** What a call cost in pico-dollars, or why that is not known. */
export type CallPrice =
  | { state: 'priced'; costs: Record<TokenClass, bigint>; total: bigint; entry: BookModel }
  | { state: 'unpriced'; reason: UnpricedReason }

export type PriceableCall = {
  provider: string | undefined
  /** The response model. */
  model: string | undefined
  timestampMs: number
  /** Undefined when the source did not report usage. */
  tokens: TokenCounts | undefined
  batch: boolean
}

/** Prices one call by its response model at its own time. */
export function priceCall(book: PriceBook, call: PriceableCall): CallPrice {
  if (!call.model) return { state: 'unpriced', reason: 'no-model' }
  const lookup = book.find(call.provider, call.model)
  if (!lookup.found) return { state: 'unpriced', reason: lookup.reason }
  if (!call.tokens) return { state: 'unpriced', reason: 'unknown-usage' }
  const factor = call.batch ? lookup.model.batch : FULL_PRICE
  if (!factor) return { state: 'unpriced', reason: 'no-batch-rate' }
  const rates = ratesAt(lookup.model, call.timestampMs, inputTokensOf(call.tokens))
  const priced = costTokens(call.tokens, rates, factor)
  return priced.state === 'priced' ? { ...priced, entry: lookup.model } : priced
}

/** The cost of each class by given rates; a class that has tokens and no rate leaves the whole call unpriced. */
export function costTokens(
  tokens: TokenCounts,
  rates: Rates,
  factor: PriceFactor = FULL_PRICE,
):
  | { state: 'priced'; costs: Record<TokenClass, bigint>; total: bigint }
  | { state: 'unpriced'; reason: `no-rate:${TokenClass}` } {
  const costs = {} as Record<TokenClass, bigint>
  let total = 0n
  for (const tokenClass of TOKEN_CLASSES) {
    const count = tokens[tokenClass]
    const rate = rates[tokenClass]
    if (count > 0 && rate === undefined) return { state: 'unpriced', reason: `no-rate:${tokenClass}` }
    const cost = rate === undefined ? 0n : costOfTokens(count, rate, factor)
    costs[tokenClass] = cost
    total += cost
  }
  return { state: 'priced', costs, total }
}

/** All input tokens of a call, cached or not. */
export function inputTokensOf(tokens: TokenCounts): number {
  return INPUT_CLASSES.reduce((sum, tokenClass) => sum + tokens[tokenClass], 0)
}
