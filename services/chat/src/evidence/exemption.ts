import { findNumerals, type TextRange } from './numeral.ts'
import { quantityKey } from './quoted-quantity.ts'

/** What a report may write in digits without a claim, beside dates, ordinals and list numbers. */
export type ExemptionRules = {
  /** Quantities of the person's own question, from `quantitiesOf`. */
  quoted: ReadonlySet<string>
  /** Names that contain digits, such as `gpt-4o`; whole names only. */
  identifiers: ReadonlySet<string>
}

const MONTH =
  '(?:January|February|March|April|May|June|July|August|September|October|November|December|' +
  'Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\\.?'
const DAY = '(?:0?[1-9]|[12]\\d|3[01])'
const YEAR = '(?:19|20)\\d\\d'
const START = '(?<![\\p{L}\\p{N}\\uE000$€£%+−×]|[.,]|(?<!\\p{L})-)'
const END = '(?![\\p{L}\\p{N}\\uE000%]|[.,]\\p{N}|\\s?(?:%|per\\s?cent|×))'
/** A day of the month directly before a counted thing is a quantity, not a date. */
const NOT_COUNTED = '(?!\\s+(?:calls?|requests?|tokens?|models?|services?|users?|dollars?|USD|times?|days?|hours?)\\b)'

const PATTERNS: readonly RegExp[] = [
  `${START}${YEAR}-[01]\\d(?:-[0-3]\\d(?:[T ][0-2]\\d:[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,3})?)?(?:Z|[+-]\\d\\d:\\d\\d)?)?)?${END}`,
  `${START}(?:[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?${END}`,
  `${START}${DAY}(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH}(?:,?\\s+${YEAR})?${END}${NOT_COUNTED}`,
  `${START}${MONTH}\\s+${DAY}(?:st|nd|rd|th)?(?:,?\\s+${YEAR})?${END}${NOT_COUNTED}`,
  `${START}${MONTH}\\s+${YEAR}${END}${NOT_COUNTED}`,
  `${START}\\d{0,2}(?:1st|2nd|3rd|[04-9]th|1[1-3]th)${END}`,
  `\\b(?:[Ss]tep|[Oo]ption|[Ll]ever|[Ii]tem|[Pp]oint|[Tt]able|[Ss]ection|[Pp]art|[Pp]hase)\\s(?:1?\\d|20)${END}`,
  `${START}p(?:50|90|95|99)(?![\\p{L}\\p{N}])`,
  // Addresses of this product's own endpoints.
  '/api/v\\d(?:/[a-z:-]+)*',
  // Values of the one SDK parameter that advice in prose has to name.
  '\\bttl\\s?[:=]?\\s?["“]?(?:5m|1h)\\b',
  // Lifetimes of caches and the batch window are names of what a provider sells, not figures about the calls.
  `${START}(?:5|30|60|five|thirty|sixty)[- ]minute[- ](?:cache|life|lifetime|write|writes|entry|entries|ttl)\\b`,
  `${START}(?:1|24|twenty-four)[- ]hour[- ](?:cache|life|lifetime|write|writes|entry|entries|ttl|batch|window)\\b`,
].map((source) => new RegExp(source, 'gu'))

const LIST_NUMBER = /^\s*(?:[-*+]\s+|#{1,6}\s+)?\d{1,2}[.)](?=\s)/u
const CODE = /(?<!`)(`{1,3})(?!`)[\s\S]*?[^`]\1(?!`)/g
const MONEY_OR_SHARE = /[$€£%]/
/** Parameters of provider SDKs whose values may stand in code. */
const SDK_PARAMETER =
  'ttl|model|max_tokens|max_output_tokens|max_completion_tokens|maxOutputTokens|completion_window|temperature|top_p|' +
  'effort|budget_tokens|prompt_cache_retention|timeout|timeoutMs|max_retries|maxRetries|api_version|version|' +
  'anthropic-version|api-version'
const PARAMETER_VALUE = new RegExp(`(?<![\\w-])(?:${SDK_PARAMETER})["']?\\s*[=:(]\\s*["']?[\\w./:@-]*$`, 'u')
const INSIDE_NAME = /[\p{L}_]$/u

/**
 * The stretches of a text whose numerals need no claim: dates and times, ordinals, list numbers, names that are known,
 * the person's own quantities, and parameters inside code. `lineStart` says whether the text begins a line.
 */
export function exemptRanges(text: string, lineStart: boolean, rules: ExemptionRules): TextRange[] {
  const list = lineStart ? LIST_NUMBER.exec(text) : null
  return [
    ...PATTERNS.flatMap((pattern) => rangesOf(text, pattern)),
    ...(list ? [{ start: 0, end: list[0].length }] : []),
    ...identifierRanges(text, rules.identifiers),
    ...codeRanges(text),
    ...findNumerals(text).filter((numeral) => rules.quoted.has(quantityKey(text, numeral))),
  ]
}

function rangesOf(text: string, pattern: RegExp): TextRange[] {
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }))
}

function identifierRanges(text: string, identifiers: ReadonlySet<string>): TextRange[] {
  return [...identifiers].flatMap((name) => {
    if (!text.includes(name)) return []
    const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    const whole = `(?<![\\p{L}\\p{N}\\uE000]|[\\p{L}\\p{N}][-._/:@])${escaped}(?![\\p{L}\\p{N}\\uE000]|[-._/:@][\\p{L}\\p{N}])`
    return rangesOf(text, new RegExp(whole, 'gu'))
  })
}

/** Numerals inside code are exempt only as part of a name (`v1`) or as the value of an SDK parameter. */
function codeRanges(text: string): TextRange[] {
  return rangesOf(text, CODE).flatMap(({ start, end }) => {
    const code = text.slice(start, end)
    if (MONEY_OR_SHARE.test(code) || code.includes('\uE000')) return []
    return findNumerals(code)
      .filter((numeral) => {
        const before = code.slice(0, numeral.start).replace(/^`+/, '')
        return INSIDE_NAME.test(before) || PARAMETER_VALUE.test(before)
      })
      .map((numeral) => ({ start: start + numeral.start, end: start + numeral.end }))
  })
}
