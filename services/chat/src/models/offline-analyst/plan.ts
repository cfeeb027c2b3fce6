import type { Recommendation } from '../../agents/apex-optimizer.ts'
import type { TriageResult } from '../../agents/triage.ts'
import type { Evidence } from '../../evidence/claim-book.ts'
import { answerTo, named, quote, valueOf } from './read-evidence.ts'

/**
 * What the levers give together and whether the goal is reached; for a question about one lever, what that lever does.
 * Empty when nothing was tested.
 */
export function planOf(
  evidence: readonly Evidence[],
  { goal, keepModels, keepLatency }: TriageResult,
  recommendations: readonly Recommendation[],
): string {
  const plan = answerTo(evidence, 'savings_plan')
  if (!plan) return answerOfLever(evidence, recommendations)
  const [saving, share, cost] = [quote(plan, 'joint-saving'), quote(plan, 'joint-share'), quote(plan, 'joint-cost')]
  const jointShare = valueOf(plan, 'joint-share') ?? 0
  const limits = [keepModels ? 'the models' : '', keepLatency ? 'the latency' : ''].filter((limit) => limit !== '')
  const keeping = limits.length > 0 ? ` while keeping ${limits.join(' and ')}` : ''
  if (!saving || !share || jointShare <= 0) {
    return `No combination of the changes tested saves money for certain${keeping}.`
  }
  const together = `Applied together${keeping}, the changes save ${saving}, ${share} of the cost${cost ? `, and leave ${cost}` : ''}.`
  if (!goal) return together
  const asked = quote(plan, 'goal-saving') ?? quote(answerTo(evidence, 'model_swap'), 'goal-saving')
  const amount = asked ? ` (${asked})` : ''
  const verdict =
    jointShare >= goal.share
      ? `That reaches the ${goal.words} you asked for${amount}.`
      : `That does not reach the ${goal.words} you asked for${amount}.`
  return [together, verdict, ...shareToMove(evidence, goal.words)].join(' ')
}

/** How much of the traffic one model change alone would have to move. */
function shareToMove(evidence: readonly Evidence[], words: string): string[] {
  const swap = answerTo(evidence, 'model_swap')
  const reachable = named(swap, 'goal-share').filter(({ value }) => value > 0 && value <= 1)
  const [nearest] = reachable
  const [least] = [...reachable].sort((a, b) => a.value - b.value)
  if (!nearest || !least) return []
  const other = least === nearest ? '' : `, or {{${least.id}}} to ${least.name}`
  const from = String(swap?.params['from'] ?? 'these')
  return [
    `By a change of model alone, ${words} means moving {{${nearest.id}}} of the ${from} calls to ${nearest.name}${other}.`,
  ]
}

/** The best and the worst that one lever can do, or why it cannot be said. */
function answerOfLever(evidence: readonly Evidence[], recommendations: readonly Recommendation[]): string {
  const first = (verdict: Recommendation['verdict']) => recommendations.find((each) => each.verdict === verdict)
  const found = [first('saves') ?? first('not_enough_evidence') ?? first('neutral'), first('loses')]
  const sentences = found.flatMap((each) => (each ? [`${withStop(each.title)} ${each.detail}`] : []))
  if (sentences.length > 0) return sentences.join(' ')
  const [gap] = evidence.flatMap(({ gaps }) => gaps)
  return gap ? `${gap.what} ${gap.effect}` : ''
}

function withStop(text: string): string {
  return `${text.replace(/\.\s*$/, '')}.`
}
