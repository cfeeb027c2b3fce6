import type { TokenClass } from '@apex/protocol/token-class'
import { divideHalfEven, formatDecimal, parseDecimal } from '../exact/decimal.ts'

/** A price per token: integer pico-dollars times `RATE_SCALE`, so that rates below a pico-dollar stay exact. */
export type Rate = bigint

/** Rates by token class; a class that has no known rate is absent, which is not a rate of zero. */
export type Rates = Partial<Record<TokenClass, Rate>>

const FRACTION_DIGITS = 12
/** Units of a rate in one pico-dollar per token. */
export const RATE_SCALE = 10n ** BigInt(FRACTION_DIGITS)
// One dollar per million tokens is a million pico-dollars per token.
const USD_PER_MTOK_SCALE = 6 + FRACTION_DIGITS

/** A share of the full price, such as one half for a batch. */
export type PriceFactor = { numerator: bigint; denominator: bigint }
export const FULL_PRICE: PriceFactor = { numerator: 1n, denominator: 1n }
export const HALF_PRICE: PriceFactor = { numerator: 1n, denominator: 2n }

/**
 * A rate from USD per million tokens, read from the number's decimal text and never multiplied as a float. Fifteen
 * digits are significant, so an artefact of binary fractions such as 0.18000000000000002 is read as 0.18.
 */
export function rateFromUsdPerMtok(usd: number): Rate {
  const rate = parseDecimal(String(Number(usd.toPrecision(15))), USD_PER_MTOK_SCALE)
  if (rate === undefined || rate < 0n) throw new RangeError(`${usd} USD per million tokens is not an exact rate`)
  return rate
}

/** The rate as decimal USD per million tokens. */
export function usdPerMtok(rate: Rate): string {
  return formatDecimal(rate, USD_PER_MTOK_SCALE)
}

/** What `tokens` cost in pico-dollars, rounded once, a half to the even neighbour. */
export function costOfTokens(tokens: number | bigint, rate: Rate, factor: PriceFactor = FULL_PRICE): bigint {
  return roundCost(BigInt(tokens) * rate * factor.numerator, factor)
}

/** Turns a product of tokens and rates, already times the factor's numerator, into pico-dollars. */
export function roundCost(scaled: bigint, factor: PriceFactor = FULL_PRICE): bigint {
  return divideHalfEven(scaled, RATE_SCALE * factor.denominator)
}
