import type { TokenClass } from '@apex/protocol/token-class'
import type { ConditionalPrice, ModelInfo, ModelPrice } from '@pydantic/genai-prices'
import { batchFactor } from './batch-price.ts'
import type { BookModel, PricePeriod, TieredRate } from './book-model.ts'
import { rateFromUsdPerMtok } from './rate.ts'

type BookPrice = ModelPrice[string]

const PRICE_KEYS: Record<TokenClass, readonly string[]> = {
  input_uncached: ['input_mtok'],
  cache_read: ['cache_read_mtok'],
  cache_write_5m: ['cache_write_mtok'],
  cache_write_1h: ['cache_write_1h_mtok'],
  output_text: ['output_mtok'],
  // Reasoning is billed as output unless the book has a rate of its own for it.
  output_reasoning: ['output_reasoning_mtok', 'output_mtok'],
}

/** Turns a model of genai-prices into exact rates per disjoint token class. */
export function readBookModel(provider: string, info: ModelInfo): BookModel {
  const conditional: ConditionalPrice[] = Array.isArray(info.prices) ? info.prices : [{ prices: info.prices }]
  return {
    provider,
    model: info.id,
    contextTokens: info.context_window,
    deprecated: info.deprecated ?? false,
    periods: conditional.map((each) => readPeriod(each, `${provider}/${info.id}`)),
    batch: batchFactor(provider),
  }
}

function readPeriod({ constraint, prices }: ConditionalPrice, name: string): PricePeriod {
  const rates: PricePeriod['rates'] = {}
  for (const [tokenClass, keys] of Object.entries(PRICE_KEYS) as [TokenClass, string[]][]) {
    const key = keys.find((each) => prices[each] !== undefined)
    const rate = key === undefined ? undefined : readTiered(prices[key])
    if (rate) rates[tokenClass] = rate
  }
  const derived: string[] = []
  // Anthropic charges twice the input price for a write that lives an hour, wherever its models are hosted.
  if (name.includes('claude') && rates.cache_write_5m && rates.input_uncached && !rates.cache_write_1h) {
    rates.cache_write_1h = twice(rates.input_uncached)
    derived.push('cache_write_1h taken as twice the input rate, as Anthropic publishes it')
  }
  return { ...readConstraint(constraint), rates, derived }
}

function readConstraint(constraint: ConditionalPrice['constraint']): Pick<PricePeriod, 'fromMs' | 'secondsOfDay'> {
  if (!constraint) return {}
  if ('start_date' in constraint) return { fromMs: Date.parse(`${constraint.start_date}T00:00:00Z`) }
  return { secondsOfDay: { start: secondOfDay(constraint.start_time), end: secondOfDay(constraint.end_time) } }
}

function readTiered(price: BookPrice): TieredRate | undefined {
  if (price === undefined) return undefined
  if (typeof price === 'number') return { base: rateFromUsdPerMtok(price), tiers: [] }
  const tiers = price.tiers.map((tier) => ({ above: tier.start, rate: rateFromUsdPerMtok(tier.price) }))
  return { base: rateFromUsdPerMtok(price.base), tiers: tiers.sort((a, b) => a.above - b.above) }
}

function twice({ base, tiers }: TieredRate): TieredRate {
  return { base: base * 2n, tiers: tiers.map((tier) => ({ above: tier.above, rate: tier.rate * 2n })) }
}

function secondOfDay(time: string): number {
  const instant = Date.parse(`1970-01-01T${time}`)
  if (Number.isNaN(instant)) throw new RangeError(`${time} is not a time of day`)
  return (((instant % 86_400_000) + 86_400_000) % 86_400_000) / 1_000
}
