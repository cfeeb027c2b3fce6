import { batchEligibility } from './optimize/batch-eligibility.ts'
import { cacheSimulation } from './optimize/cache-simulation.ts'
import { modelSwap } from './optimize/model-swap.ts'
import { savingsPlan } from './optimize/savings-plan.ts'
import type { QuestionAnswers } from './query/ask.ts'
import { breakdown } from './query/breakdown.ts'
import { dataSufficiency } from './query/data-sufficiency.ts'
import { overview } from './query/overview.ts'
import { trend } from './query/trend.ts'
import { usage } from './query/usage.ts'

/** Every question of the protocol with what answers it. */
export const ANSWERS: QuestionAnswers = {
  usage,
  data_sufficiency: dataSufficiency,
  overview,
  breakdown,
  trend,
  model_swap: modelSwap,
  cache_simulation: cacheSimulation,
  batch_eligibility: batchEligibility,
  savings_plan: savingsPlan,
}
