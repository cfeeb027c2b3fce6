import type { Recommendation } from '../../agents/apex-optimizer.ts'
import type { TriageResult } from '../../agents/triage.ts'
import type { Evidence } from '../../evidence/claim-book.ts'
import { answerTo, named, param, quote } from './read-evidence.ts'

/** The answer of the optimiser: whether and how the goal is reached, or what the one lever asked about does. */
export function planOf(
  evidence: readonly Evidence[],
  triage: TriageResult,
  recommendations: readonly Recommendation[],
): string {
  const plan = answerTo(evidence, 'savings_plan')
  if (!plan) return answerOfLever(evidence, recommendations)
  const { goal, keepModels, keepLatency } = triage
  const keeping = [
    ...(keepModels ? ['Changes of model are left out, because the models are to stay.'] : []),
    ...(keepLatency ? ['Batch is left out, because nothing may get slower.'] : []),
  ]
  const said = saidOf(plan, 'goal') ?? saidOf(plan, 'joint') ?? saidOf(plan, 'no-lever')
  if (!said) return 'No combination of the changes tested saves money for certain.'
  const byModel = goal && !keepModels && !quote(plan, 'swap-share-needed') ? shareToMove(evidence, goal.words) : []
  return [goal ? namedGoal(said, plan, goal.words) : said, ...keeping, ...byModel].join(' ')
}

/** What all levers give on the same calls, when that is not the answer already. */
export function togetherOf(evidence: readonly Evidence[]): string {
  const plan = answerTo(evidence, 'savings_plan')
  return (plan && saidOf(plan, 'goal') && saidOf(plan, 'joint')) ?? ''
}

function saidOf({ findings }: Evidence, code: string): string | undefined {
  const finding = findings.find((each) => each.code === code)
  return finding && `${withStop(finding.title)} ${finding.detail}`.trim()
}

/** The goal in the person's own words, beside the amount it comes to. */
function namedGoal(text: string, plan: Evidence, words: string): string {
  const amount = quote(plan, 'goal-saving')
  const asked = /^(?:by|in)\s/.test(words) ? `${words}, as you asked` : `the ${words} you asked for`
  return amount ? text.replace(amount, `${amount} (${asked})`) : text
}

/** How much of the traffic one model change alone would have to move. */
function shareToMove(evidence: readonly Evidence[], words: string): string[] {
  const swap = answerTo(evidence, 'model_swap')
  const reachable = named(swap, 'goal-share').filter(({ value }) => value > 0 && value <= 1)
  const [nearest] = reachable
  const [least] = [...reachable].sort((a, b) => a.value - b.value)
  if (!nearest || !least) return []
  const other = least === nearest ? '' : `, or {{${least.id}}} to ${least.name}`
  const from = param(swap, 'from')
  return [
    `By a change of model alone, ${words} means moving {{${nearest.id}}} of the ${from} calls to ${nearest.name}${other}.`,
  ]
}

/** The best and the worst that one lever can do in their titles, or why it cannot be said. */
function answerOfLever(evidence: readonly Evidence[], recommendations: readonly Recommendation[]): string {
  const first = (verdict: Recommendation['verdict']) => recommendations.find((each) => each.verdict === verdict)
  const [best, worst] = [first('saves'), first('loses')]
  const open = best ? undefined : (first('not_enough_evidence') ?? first('neutral'))
  const sentences = [
    ...(best ? [withStop(best.title)] : []),
    ...(open ? [`${withStop(open.title)} ${open.detail}`] : []),
    ...(worst ? [withStop(worst.title)] : []),
  ]
  if (sentences.length > 0) return sentences.join(' ')
  const [gap] = evidence.flatMap(({ gaps }) => gaps)
  return gap ? `${gap.what} ${gap.effect}` : ''
}

function withStop(text: string): string {
  return `${text.replace(/\.\s*$/, '')}.`
}
