import { divideHalfEven } from '../exact/decimal.ts'
import { type BookModel, ratesAt } from '../price-book/book-model.ts'
import { FULL_PRICE, type PriceFactor, type Rate, roundCost } from '../price-book/rate.ts'
import { type CacheRule, type Multiple, ruleApplies } from './cache-rule.ts'
import type { PriceGroup } from './price-groups.ts'
import type { InputSplit } from './simulate-cache.ts'

/** What a rule charges on a model: the model's own published rates where the rule is its provider's. */
export function cacheRates(
  rule: CacheRule,
  model: BookModel,
  { atMs, inputTokens }: Pick<PriceGroup<never>, 'atMs' | 'inputTokens'>,
): { plain: Rate; write: Rate; read: Rate } | undefined {
  const rates = ratesAt(model, atMs, inputTokens)
  const plain = rates.input_uncached
  if (plain === undefined) return undefined
  const own = ruleApplies(rule, model)
  const ownWrite = own && rule.writeClass ? rates[rule.writeClass] : undefined
  const ownRead = own ? rates.cache_read : undefined
  return { plain, write: ownWrite ?? times(plain, rule.write), read: ownRead ?? times(plain, rule.read) }
}

/** The input cost of one group under a rule, in pico-dollars; undefined when the model has no input rate. */
export function costOfSplit(
  {
    split,
    index,
    rule,
    model,
    factor = FULL_PRICE,
  }: { split: InputSplit; index: number; rule: CacheRule; model: BookModel; factor?: PriceFactor },
  group: Pick<PriceGroup<never>, 'atMs' | 'inputTokens'>,
): bigint | undefined {
  const rates = cacheRates(rule, model, group)
  if (!rates) return undefined
  const tokens = (column: Float64Array) => BigInt(column[index] ?? 0)
  const scaled =
    tokens(split.plain) * rates.plain + tokens(split.written) * rates.write + tokens(split.read) * rates.read
  return roundCost(scaled * factor.numerator, factor)
}

function times(rate: Rate, { numerator, denominator }: Multiple): Rate {
  return divideHalfEven(rate * numerator, denominator)
}
