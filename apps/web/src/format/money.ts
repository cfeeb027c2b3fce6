import { roundDecimal } from '@apex/protocol/figure-display'

/**
 * A decimal USD amount for people in the reader's locale: cents from one dollar up, four places below. An amount that is
 * not zero never reads as zero.
 */
export function formatMoney(usd: string, locale?: string): string {
  const places = moneyPlaces(usd)
  const rounded = roundDecimal(usd, places)
  if (/[1-9]/.test(usd) && !/[1-9]/.test(rounded)) return `<${money('0.0001', 4, locale)}`
  return money(rounded, places, locale)
}

function moneyPlaces(usd: string): number {
  const whole = usd.replace('-', '').split('.')[0] ?? '0'
  if (!/[1-9]/.test(usd)) return 2
  return /[1-9]/.test(whole) ? 2 : 4
}

function money(decimal: string, places: number, locale: string | undefined): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  })
  // Intl reads a decimal string exactly; the type wants a literal.
  return format.format(decimal as `${number}`)
}

/** A printed figure in two parts, so that cents can stand back: `$18,412` and `.35`; the second is often empty. */
export function splitCents(display: string): [string, string] {
  const match = /^(−?\$[\d,]+)(\.\d+)$/.exec(display)
  return match ? [match[1] as string, match[2] as string] : [display, '']
}
