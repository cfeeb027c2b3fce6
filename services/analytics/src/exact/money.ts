import { formatDecimal } from './decimal.ts'

/** Decimal places of a pico-dollar in dollars. */
export const PICO_PLACES = 12

/** Pico-dollars as the wire's decimal text in USD. */
export function usdOfPico(pico: bigint): string {
  return formatDecimal(pico, PICO_PLACES)
}
