import type { Scope } from '@apex/protocol/question'
import type { Intent } from '../../agents/triage.ts'
import type { Understanding } from './understand-question.ts'

const TITLES: Record<Intent, string> = {
  where_money: 'Where the money goes',
  cost_total: 'What it costs',
  cut_cost: 'How to cut cost',
  why_change: 'Why the cost changed',
  trend: 'Cost over time',
  model_choice: 'What another model would cost',
  caching: 'Whether prompt caching pays',
  batch: 'What can go to batch',
  errors: 'What failures cost',
  traffic: 'Traffic and its peaks',
  verify_change: 'Whether the change paid off',
  conversation_cost: 'What this conversation costs',
  data_help: 'How to connect your data',
  greeting: 'Hello',
  about: 'What can be asked here',
  out_of_scope: 'Outside what Netra Apex answers',
}

/** A heading for the answer: the main wish, the second one, and what it is restricted to. */
export function titleOf({ intents, goal }: Understanding, scope: Scope): string {
  const titles = intents.slice(0, 2).map((intent) => {
    if (intent !== 'cut_cost' || !goal) return TITLES[intent]
    return /^(?:by|in)\s/.test(goal.words) ? `How to cut cost ${goal.words}` : `How to cut cost by ${goal.words}`
  })
  const [main = 'Answer', second] = titles
  const heading = second === undefined ? main : `${main}, and ${second.charAt(0).toLowerCase()}${second.slice(1)}`
  const names = Object.values(scope.filter ?? {}).flat()
  return names.length > 0 && names.length <= 3 ? `${heading}: ${names.join(', ')}` : heading
}
