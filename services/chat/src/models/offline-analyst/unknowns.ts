import type { Coverage } from '@apex/protocol/question'
import type { Mention } from './find-mentions.ts'
import type { Understanding } from './understand-question.ts'

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
  return unknowns.slice(0, 8)
}
