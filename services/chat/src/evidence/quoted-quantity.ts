import { findNumerals, type Numeral } from './numeral.ts'

const CURRENCY_BEFORE = /(?:[$€£¥]|\b(?:usd|eur|gbp))\s?$/i
const CURRENCY_AFTER = /^\s?(?:k|m|bn)?\s?(?:dollars?|usd|euros?|eur|€|pounds?|gbp|cents?)\b/i
const PERCENT_AFTER = /^\s?(?:%|per\s?cents?\b|pct\b)/i
const SCALE_AFTER = /^\s?(k|m|bn|b|x|×)(?![\p{L}\p{N}])/iu
const WORD_AFTER = /^[\s-]*([\p{L}]+)/u
const WORD_BEFORE = /([\p{L}]+)[\s-]*$/u

/**
 * A quantity with what it counts, as one comparable key: `30 percent`, `5 model`, `1000 money`. Two texts speak of the
 * same quantity when their keys are equal, however it is written (`30%`, `30 %`, `30 per cent`).
 */
export function quantityKey(text: string, numeral: Numeral): string {
  const before = text.slice(0, numeral.start)
  const after = text.slice(numeral.end)
  if (numeral.form === 'word') {
    const kind = PERCENT_AFTER.test(after) ? 'percent' : (WORD_BEFORE.exec(before)?.[1] ?? '').toLowerCase()
    return `${numeral.text.toLowerCase()} ${kind}`
  }
  const scale = SCALE_AFTER.exec(after)?.[1]?.toLowerCase() ?? ''
  const value = `${canonical(numeral.text)}${scale}`
  if (PERCENT_AFTER.test(after)) return `${value} percent`
  if (CURRENCY_BEFORE.test(before) || CURRENCY_AFTER.test(after)) return `${value} money`
  const counted = WORD_AFTER.exec(after.slice(scale.length))?.[1]?.toLowerCase() ?? ''
  return `${value} ${counted.replace(/s$/, '')}`
}

/** The keys of every quantity a person wrote; a report may repeat these without evidence. */
export function quantitiesOf(text: string): ReadonlySet<string> {
  return new Set(findNumerals(text).map((numeral) => quantityKey(text, numeral)))
}

function canonical(digits: string): string {
  const plain = digits.replace(/[,'’](?=\p{N}{3}(?!\p{N}))/gu, '')
  return /\.\d*$/.test(plain) ? plain.replace(/0+$/, '').replace(/\.$/, '') : plain
}
