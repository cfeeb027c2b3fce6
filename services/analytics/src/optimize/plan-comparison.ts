import type { QuestionParams } from '@apex/protocol/question'
import { type Goal, goalOf } from './goal.ts'
import { isEligible, type Levers, NO_LEVERS, type PlanCost, planCost } from './plan-cost.ts'
import type { PlanTrace } from './plan-segments.ts'

export type LeverName = 'prompt-cache' | 'batch' | 'model-swap'

/** One lever pulled alone. */
export type AloneLever = { name: LeverName; label: string; saving: bigint; plan: PlanCost }

/** Everything the plan compares, in pico-dollars. */
export type PlanComparison = {
  plan: PlanTrace
  total: bigint
  alone: AloneLever[]
  joint: PlanCost
  /** Without a risk to quality or to anybody who waits: caching, and a batch for unattended calls. */
  safe: PlanCost
  /** What `safe` consists of, in words; empty when it is nothing. */
  safeWords: string
  /** The same and every change of model. */
  safeAndSwap: PlanCost
  goal: Goal | undefined
  params: QuestionParams['savings_plan']
}

const LABELS: Record<LeverName, string> = {
  'prompt-cache': 'Prompt caching',
  batch: 'Batch',
  'model-swap': 'Smaller models',
}

/** Prices the calls under every set of levers the person allows. */
export function comparePlans(plan: PlanTrace, params: QuestionParams['savings_plan']): PlanComparison {
  const { total, ceiling, safe } = { total: planCost(plan, NO_LEVERS).cost, ...leverSets(plan, params) }
  const cost = (levers: Levers) => planCost(plan, levers)
  const each: [LeverName, Levers][] = []
  if (ceiling.cache) each.push(['prompt-cache', { ...NO_LEVERS, cache: true }])
  if (ceiling.batch !== 'none') each.push(['batch', { ...NO_LEVERS, batch: ceiling.batch }])
  if (ceiling.swap) each.push(['model-swap', { ...NO_LEVERS, swap: true }])
  const alone = each.map(([name, levers]) => {
    const own = cost(levers)
    return { name, label: LABELS[name], saving: total - own.cost, plan: own }
  })
  return {
    plan,
    total,
    alone,
    joint: cost(ceiling),
    safe: cost(safe),
    safeWords: wordsOf(safe),
    safeAndSwap: cost({ ...safe, swap: ceiling.swap }),
    goal: goalOf(params.goal, total),
    params,
  }
}

function leverSets(
  plan: PlanTrace,
  { keepLatency }: QuestionParams['savings_plan'],
): { ceiling: Levers; safe: Levers } {
  const some = (batch: Levers['batch']) => !keepLatency && plan.segments.some((segment) => isEligible(segment, batch))
  const cache = plan.trace !== undefined
  const ceiling: Levers = {
    swap: plan.swaps.size > 0,
    cache,
    batch: some('all-but-interactive') ? 'all-but-interactive' : 'none',
  }
  return { ceiling, safe: { swap: false, cache, batch: some('unattended') ? 'unattended' : 'none' } }
}

function wordsOf({ cache, batch }: Levers): string {
  const parts = [...(cache ? ['caching that pays'] : []), ...(batch === 'none' ? [] : ['a batch for unattended calls'])]
  return parts.join(' and ')
}
