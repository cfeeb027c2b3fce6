import type { Coverage } from '@apex/protocol/question'
import type { Mention } from './find-mentions.ts'
import { READ_CHARS, type Understanding } from './understand-question.ts'

/** What the words of a question ask for that no data of calls holds; read in lower case. */
const BEYOND_THE_DATA: readonly { asks: RegExp; sentence: string }[] = [
  {
    asks: /\b(?:forecast|predict|projection)\w*|\b(?:will|going\s+to)\b.{0,40}\b(?:spend|spent|costs?|pay|bill)\b|\b(?:spend|costs?|pay|bill)\b.{0,40}\bnext\s+(?:week|month|quarter|year)\b/,
    sentence:
      'What will be spent is not in the data. The figures are of calls that were made, and no forecast is drawn from them.',
  },
  {
    asks: /[€£¥₹]|\b(?:euros?|eur|gbp|pounds?\s+sterling|yen|jpy|rupees?|inr|chf|swiss\s+francs?)\b/,
    sentence: 'Prices are known in US dollars only, and exchange rates are not, so all money is in US dollars.',
  },
  {
    asks: /\b(?:cut|cutting|reduce|reducing|lower|save|saving|decrease|shrink|slash|trim)\b.{0,60}?(?<![\d.,])(?:[1-9]\d{3,}|[2-9]\d\d|1(?!00(?:\.0+)?\s?(?:%|per))\d\d)(?:\.\d+)?\s?(?:%|per\s?cent)/,
    sentence: 'More than the whole cost cannot be saved, so the plan follows no goal of that size.',
  },
]

/** What a question needs and the data cannot give, one sentence each, without figures. */
export function unknownsOf(
  question: string,
  { intents, range }: Understanding,
  missing: readonly Mention[],
  coverage: Coverage | undefined,
): string[] {
  const unknowns = missing.map(
    ({ name, dimension }) =>
      `The data names no ${dimension ?? 'service, feature or project'} “${name}”, so the answer is about all calls.`,
  )
  if (intents.includes('traffic')) {
    unknowns.push(
      'The rate limits of your provider accounts are not in the usage data, so when more traffic would hit them cannot be said.',
    )
  }
  if (intents.includes('verify_change')) {
    unknowns.push(
      'Changes you made are not recorded yet, so whether one paid off can only be read from the cost before and after it.',
    )
  }
  if (intents.includes('conversation_cost')) {
    unknowns.push(
      "Netra's own model calls are not part of the usage data, so what this conversation would cost elsewhere is not known.",
    )
  }
  if (intents.includes('errors') && /context|prompt/i.test(question)) {
    unknowns.push('Prompts are not stored, so which part of a long context was needed is not known.')
  }
  if (
    range?.from &&
    coverage?.from &&
    coverage.calls > 0 &&
    Date.parse(coverage.from) - Date.parse(range.from) > 86_400_000
  ) {
    unknowns.push('The data begins later than the time asked about; what happened before it is not known.')
  }
  const words = question.slice(0, READ_CHARS).toLowerCase()
  if (!intents.includes('out_of_scope')) {
    unknowns.push(...BEYOND_THE_DATA.filter(({ asks }) => asks.test(words)).map(({ sentence }) => sentence))
  }
  if (question.length > READ_CHARS) {
    unknowns.push('The question is so long that only its beginning and its end were read.')
  }
  return unknowns.slice(0, 8)
}
