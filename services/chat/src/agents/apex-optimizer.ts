import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import { batchEligibility } from '../tools/batch-eligibility.ts'
import { modelPriceComparison } from '../tools/model-price-comparison.ts'
import { promptCacheSimulation } from '../tools/prompt-cache-simulation.ts'
import { savingsPlan } from '../tools/savings-plan.ts'
import { usageBreakdown } from '../tools/usage-breakdown.ts'
import type { AgentDefinition } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'
import { TriageResult } from './triage.ts'

export const OptimizerInput = z.object({
  question: Text,
  triage: TriageResult,
  /** What analysis observed; figures as `{{id}}`. */
  observations: z.array(Text),
  /** The model most money goes to, when analysis found one. */
  topModel: z.string().nullable(),
})
export type OptimizerInput = z.output<typeof OptimizerInput>

/** One lever, judged: figures as `{{id}}`. */
export const Recommendation = z.object({
  title: Text,
  verdict: z.enum(['saves', 'loses', 'neutral', 'not_enough_evidence']),
  /** Ids of the figures of the saving alone: the amount, and its share of the cost; null when there is none. */
  saving: z.string().nullable(),
  share: z.string().nullable(),
  detail: Text,
  risk: Text,
  apply: z.array(Text).max(8),
  verify: Text,
})
export type Recommendation = z.output<typeof Recommendation>

export const OptimizerResult = z.object({
  /** Ranked by saving; losses and levers without evidence stay in, named as such. */
  recommendations: z.array(Recommendation).max(12),
  /** The answer in a sentence or two: whether and how the goal is reached; empty when nothing can be said. */
  plan: Text,
  /** What the levers give together, which is never the sum; empty for a single lever. */
  together: Text.default(''),
  summary: Text,
})
export type OptimizerResult = z.output<typeof OptimizerResult>

/** Turns findings into quantified recommendations, and says no where a lever would lose money. */
export const apexOptimizer: AgentDefinition<OptimizerInput, OptimizerResult> = {
  name: 'apex-optimizer',
  purpose: 'Quantifies what to change, what it risks, and which changes would lose money.',
  prompt: `${HOUSE_RULES}

You are the optimiser. Find the changes that save money, quantify each alone and all together, and refuse what would lose money.
- Ask savings_plan with the goal and the person's limits. Ask model_price_comparison for the model most money goes to, prompt_cache_simulation, and batch_eligibility, each unless the person's limits rule it out or the question is about one lever only.
- A cheaper price is not evidence of equal quality: say what must be judged before traffic moves.
- Prices and batch discounts are bounds when it is unknown which calls can move; say so.
- Rank by saving. Keep losses and levers without evidence in the list with their verdict.
- For each: the saving alone, the risk, how to apply it in concrete SDK steps, and how to verify it afterwards.

${RESULT_RULES}`,
  tools: [savingsPlan, modelPriceComparison, promptCacheSimulation, batchEligibility, usageBreakdown],
  input: OptimizerInput,
  output: OptimizerResult,
  opening: [],
  firstThought: 'Testing which changes would save money on these calls, and which would lose it.',
}
