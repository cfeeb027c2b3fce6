import type { Scope } from '@apex/protocol/question'
import { TOKEN_CLASSES, type TokenClass } from '@apex/protocol/token-class'
import { type BookModel, ratesAt } from '../price-book/book-model.ts'
import { FULL_PRICE, type PriceFactor, type Rate, type Rates, roundCost } from '../price-book/rate.ts'
import type { QuestionContext } from '../query/question.ts'

/** Priced calls that any of the models in question prices alike: same tier, same period, same labels. */
export type PriceGroup<Key extends string> = {
  key: Record<Key, string>
  calls: number
  /** What they cost in pico-dollars. */
  cost: bigint
  tokens: Record<TokenClass, bigint>
  /** An instant and a length that stand for all of the group. */
  atMs: number
  inputTokens: number
}

export type ReadPriceGroupsOptions<Key extends string> = {
  scope: Scope
  /** Names and ClickHouse expressions; ours, never a caller's text. */
  by: Record<Key, string>
  models: readonly BookModel[]
  /** A further condition on the calls, ours as well. */
  where?: string
}

/** All input tokens of a call, as a ClickHouse expression. */
export const INPUT_SQL = '(input_uncached + cache_read + cache_write_5m + cache_write_1h)'

/** Sums priced calls by everything a price can depend on, so that other models' prices need no further look at calls. */
export async function readPriceGroups<Key extends string>(
  context: QuestionContext,
  options: ReadPriceGroupsOptions<Key>,
): Promise<PriceGroup<Key>[]> {
  const { tiers, datesUs, seconds } = boundariesOf(options.models)
  const names = Object.keys(options.by) as Key[]
  const keys = names.map((name, index) => `toString(${options.by[name]}) as key_${index}`)
  const sql = `
    select ${[
      ...keys,
      `arrayCount(above -> ${INPUT_SQL} > above, {tiers:Array(UInt64)}) as tier`,
      'arrayCount(start -> toUnixTimestamp64Micro(timestamp) >= start, {dates:Array(Int64)}) as period',
      'arrayCount(second -> toUnixTimestamp(timestamp) % 86400 >= second, {seconds:Array(UInt32)}) as hours',
      'count() as calls',
      'toString(sum(toInt128(cost))) as cost',
      'toUnixTimestamp64Milli(min(timestamp)) as at_ms',
      `max(${INPUT_SQL}) as input_tokens`,
      ...TOKEN_CLASSES.map((each) => `toString(sum(toInt128(${each}))) as sum_${each}`),
    ].join(',\n      ')}
    from {calls} where cost_state = 'priced' ${options.where ? `and ${options.where}` : ''}
    group by ${[...names.map((_, index) => `key_${index}`), 'tier', 'period', 'hours'].join(', ')}
    order by ${[...names.map((_, index) => `key_${index}`), 'tier', 'period', 'hours'].join(', ')}`
  const rows = await context.read<Record<string, string>>(options.scope, {
    sql,
    params: { tiers, dates: datesUs, seconds },
  })
  return rows.map((row) => ({
    key: Object.fromEntries(names.map((name, index) => [name, row[`key_${index}`] ?? ''])) as Record<Key, string>,
    calls: Number(row.calls),
    cost: BigInt(row.cost ?? 0),
    tokens: Object.fromEntries(TOKEN_CLASSES.map((each) => [each, BigInt(row[`sum_${each}`] ?? 0)])) as Record<
      TokenClass,
      bigint
    >,
    atMs: Number(row.at_ms),
    inputTokens: Number(row.input_tokens),
  }))
}

/** What tokens cost on a model, in pico-dollars, rounded once; undefined when it has no rate for input or output. */
export function costOn(
  model: BookModel,
  group: Pick<PriceGroup<never>, 'tokens' | 'atMs' | 'inputTokens'>,
  factor: PriceFactor = FULL_PRICE,
): bigint | undefined {
  const rates = ratesAt(model, group.atMs, group.inputTokens)
  let scaled = 0n
  for (const each of TOKEN_CLASSES) {
    const tokens = group.tokens[each]
    if (tokens === 0n) continue
    const rate = standInRate(rates, each)
    if (rate === undefined) return undefined
    scaled += tokens * rate
  }
  return roundCost(scaled * factor.numerator, factor)
}

/** The rate of a class; a model without a rate for cached tokens charges them as plain input. */
export function standInRate(rates: Rates, tokenClass: TokenClass): Rate | undefined {
  if (tokenClass === 'cache_write_1h') return rates.cache_write_1h ?? rates.cache_write_5m ?? rates.input_uncached
  if (tokenClass === 'cache_read' || tokenClass === 'cache_write_5m') return rates[tokenClass] ?? rates.input_uncached
  return rates[tokenClass]
}

/** Every length, date and second of the day at which a rate of one of the models changes. */
export type PriceBoundaries = { tiers: number[]; datesUs: number[]; seconds: number[] }

export function boundariesOf(models: readonly BookModel[]): PriceBoundaries {
  const tiers = new Set<number>()
  const dates = new Set<number>()
  const seconds = new Set<number>()
  for (const period of models.flatMap((model) => model.periods)) {
    if (period.fromMs !== undefined) dates.add(period.fromMs)
    if (period.secondsOfDay) seconds.add(period.secondsOfDay.start).add(period.secondsOfDay.end)
    for (const rate of Object.values(period.rates)) for (const tier of rate.tiers) tiers.add(tier.above)
  }
  return { tiers: [...tiers], datesUs: [...dates].map((ms) => ms * 1_000), seconds: [...seconds] }
}
