import { TOKEN_CLASSES, type TokenClass } from '@apex/protocol/token-class'
import type { PriceFactor, Rate, Rates } from './rate.ts'

/** A rate by the length of the whole request: the last tier whose `above` the input tokens exceed applies to all of it. */
export type TieredRate = { base: Rate; tiers: readonly { above: number; rate: Rate }[] }

/** Rates that hold from a date on, or within hours of each day (seconds of the UTC day, may wrap midnight). */
export type PricePeriod = {
  fromMs?: number
  secondsOfDay?: { start: number; end: number }
  rates: Partial<Record<TokenClass, TieredRate>>
  /** How rates came about that the book does not state itself. */
  derived: readonly string[]
}

/** One model as a price book knows it. */
export type BookModel = {
  provider: string
  model: string
  contextTokens: number | undefined
  deprecated: boolean
  /** Later ones win when they apply. */
  periods: readonly PricePeriod[]
  /** What a batch costs of the full price; absent when the provider is not known to offer one. */
  batch: PriceFactor | undefined
}

/** The period that prices a call at an instant. */
export function periodAt(model: BookModel, atMs: number): PricePeriod | undefined {
  const second = Math.floor((((atMs % 86_400_000) + 86_400_000) % 86_400_000) / 1_000)
  return model.periods.findLast((period) => applies(period, atMs, second)) ?? model.periods[0]
}

/** The rates of one request, by its instant and by how many input tokens of all kinds it has. */
export function ratesAt(model: BookModel, atMs: number, inputTokens: number): Rates {
  const period = periodAt(model, atMs)
  const rates: Rates = {}
  for (const tokenClass of TOKEN_CLASSES) {
    const tiered = period?.rates[tokenClass]
    if (tiered) rates[tokenClass] = tiered.tiers.findLast((tier) => inputTokens > tier.above)?.rate ?? tiered.base
  }
  return rates
}

function applies(period: PricePeriod, atMs: number, second: number): boolean {
  if (period.fromMs !== undefined) return atMs >= period.fromMs
  if (!period.secondsOfDay) return true
  const { start, end } = period.secondsOfDay
  return end < start ? second >= start || second < end : second >= start && second < end
}
