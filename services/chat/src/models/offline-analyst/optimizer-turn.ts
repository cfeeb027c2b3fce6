import { OptimizerInput, type OptimizerResult } from '../../agents/apex-optimizer.ts'
import type { TriageResult } from '../../agents/triage.ts'
import type { Evidence } from '../../evidence/claim-book.ts'
import { evidenceOf, type Reply, type Seen } from './brief-reader.ts'
import { planOf, togetherOf } from './plan.ts'
import { recommend } from './recommend.ts'
import { sayList } from './say-time.ts'

type Call = { tool: string; input: Record<string, unknown> }

const TOOLS = ['savings_plan', 'model_price_comparison', 'prompt_cache_simulation', 'batch_eligibility'] as const
const NAMES: Record<string, string> = {
  savings_plan: 'all levers together',
  model_price_comparison: 'other models',
  prompt_cache_simulation: 'prompt caching',
  batch_eligibility: 'batch',
}

/** The optimiser by rules: tests every lever the person's limits allow, ranks them, and names losses. */
export function optimizerTurn({ input, results }: Seen): Reply {
  const { triage, topModel } = OptimizerInput.parse(input)
  if (results.length === 0) {
    const calls = leverCalls(triage, topModel)
    return { say: `Testing ${sayList(calls.map(({ tool }) => NAMES[tool] ?? tool))} on these calls.`, calls }
  }
  const evidence: Evidence[] = TOOLS.flatMap((tool) => evidenceOf(results, tool))
  const recommendations = recommend(evidence)
  const plan = planOf(evidence, triage, recommendations)
  const best = recommendations.find(({ verdict }) => verdict === 'saves')
  const loses = recommendations.some(({ verdict }) => verdict === 'loses')
  const summary = `${best ? `Best single change: ${best.title}.` : 'No change tested here saves money for certain.'}${loses ? ' One lever or more would lose money.' : ''}`
  const result: OptimizerResult = { recommendations, plan, together: togetherOf(evidence), summary }
  return { say: 'Ranking what each change saves and refusing what would lose money.', result }
}

function leverCalls(triage: TriageResult, topModel: string | null): Call[] {
  const { scope, intents, goal, keepModels, keepLatency, models } = triage
  const wantsAll = intents.includes('cut_cost')
  const share = goal ? { goal: goal.share } : {}
  const from = models.from ?? topModel
  const wants = (intent: TriageResult['intents'][number]) => wantsAll || intents.includes(intent)
  return [
    ...(wantsAll ? [{ tool: 'savings_plan', input: { scope, ...share, keepModels, keepLatency } }] : []),
    ...(wants('model_choice') && !keepModels && from
      ? [{ tool: 'model_price_comparison', input: { scope, from, ...(models.to && { to: models.to }), ...share } }]
      : []),
    ...(wants('caching') ? [{ tool: 'prompt_cache_simulation', input: { scope } }] : []),
    ...(wants('batch') && !keepLatency ? [{ tool: 'batch_eligibility', input: { scope, ...share } }] : []),
  ]
}
