import type { Finding } from '@apex/protocol/question'
import type { FigureSet } from '../query/figure-set.ts'
import { BATCH_STEPS } from './batch-eligibility.ts'
import { cacheSteps } from './cache-findings.ts'
import { reaches } from './goal.ts'
import type { AloneLever, PlanComparison } from './plan-comparison.ts'
import { QUALITY_UNKNOWN } from './quality-evidence.ts'
import { applySwap, VERIFY_SWAP } from './swap-steps.ts'

/** The plan in words: the whole first, then how to reach the goal, then each lever. */
export function planFindings(figures: FigureSet, comparison: PlanComparison): Finding[] {
  const { alone } = comparison
  if (alone.length === 0) return [noLever(comparison)]
  const levers = alone.map((lever) => {
    if (lever.name === 'prompt-cache') return cacheLever(figures, lever)
    return lever.name === 'batch' ? batchLever(figures, comparison) : swapLever(figures, comparison)
  })
  return [...(comparison.goal ? [goalFinding(figures, comparison)] : []), jointFinding(figures, comparison), ...levers]
}

function goalFinding(figures: FigureSet, { goal, total, joint, safe, safeWords, plan }: PlanComparison): Finding {
  const base = { code: 'goal', apply: [] as string[] }
  const safely = figures.has('safe-saving')
    ? ` Without touching quality or anybody who waits, {{safe-saving}} ({{safe-share}}) is saved by ${safeWords}.`
    : ''
  const safeKeys = safely ? ['safe-saving', 'safe-share'] : []
  if (goal && reaches(goal, total - safe.cost)) {
    return {
      ...base,
      verdict: 'saves',
      title: 'The goal of {{goal-saving}} is reached without a change of model',
      detail: safely.trim(),
      figureKeys: ['goal-saving', ...safeKeys],
    }
  }
  if (goal && !reaches(goal, total - joint.cost)) {
    return {
      ...base,
      verdict: 'not_enough_evidence',
      title: 'The levers at hand do not reach the goal of {{goal-saving}}',
      detail: `All together they save at most {{joint-saving}}, {{joint-share}} of {{total-cost}}.${safely}`,
      figureKeys: ['goal-saving', 'joint-saving', 'joint-share', 'total-cost', ...safeKeys],
    }
  }
  if (!figures.has('swap-share-needed')) {
    return {
      ...base,
      verdict: 'not_enough_evidence',
      title: 'The goal of {{goal-saving}} can be reached by moving calls to a batch',
      detail: `It takes {{goal-share}} of the joint plan, if the calls that do not say so can wait.${safely}`,
      figureKeys: ['goal-saving', 'goal-share', ...safeKeys],
    }
  }
  const moves = [...plan.swaps].map(([from, to]) => `${from} to ${to.name}`).join(', ')
  return {
    code: 'goal',
    verdict: 'saves',
    title: 'The goal of {{goal-saving}} is reached when {{swap-share-needed}} of the movable calls change their model',
    detail: `The moves are ${moves}.${safely} The calls with the least at stake go first.`,
    figureKeys: ['goal-saving', 'swap-share-needed', ...safeKeys, 'pairs-needed'],
    risk: QUALITY_UNKNOWN,
    apply: [...plan.swaps]
      .slice(0, 1)
      .flatMap(([from, to]) => applySwap({ from, to: to.name, provider: to.entry.provider })),
    verify: VERIFY_SWAP,
  }
}

function jointFinding(figures: FigureSet, { alone, total, joint }: PlanComparison): Finding {
  const overlap =
    alone.length > 1
      ? ' Adding up the levers would count {{overlap}} more than once, because they change the same calls.'
      : ''
  return {
    code: 'joint',
    verdict: joint.cost < total ? 'info' : 'neutral',
    title: 'All levers together save at most {{joint-saving}} of {{total-cost}}: {{joint-share}}',
    detail: `The calls would then cost {{joint-cost}}. This is the ceiling, with every call moved that can be.${overlap}`,
    figureKeys: ['joint-saving', 'total-cost', 'joint-share', 'joint-cost', ...(overlap ? ['overlap'] : [])].filter(
      (key) => figures.has(key),
    ),
    apply: [],
  }
}

function cacheLever(figures: FigureSet, { saving, plan }: AloneLever): Finding {
  const pays = saving > 0n
  const rules = [...plan.rules].map(([model, rule]) => `${model} (${rule.label})`).join(', ')
  return {
    code: 'lever:prompt-cache',
    verdict: pays ? 'saves' : 'neutral',
    title: pays
      ? 'Prompt caching alone saves {{lever-saving:prompt-cache}}, {{lever-share:prompt-cache}} of the total'
      : 'Prompt caching does not pay for these calls',
    detail: pays
      ? `Simulated on the calls’ own times and prefixes, it pays for ${rules}; elsewhere it is left off.${goalPart(figures, 'prompt-cache')}`
      : 'Simulated on the calls’ own times and prefixes, every rule that applies would cost more than it saves, so it is left off.',
    figureKeys: pays
      ? ['lever-saving:prompt-cache', 'lever-share:prompt-cache', ...goalKeys(figures, 'prompt-cache')]
      : [],
    risk: 'Answers do not change. The figure assumes that the calls keep arriving as they did.',
    apply: [...new Set([...plan.rules.values()].flatMap(cacheSteps))],
    verify: 'Import the calls after the change and look at the share of input read from a cache.',
  }
}

function batchLever(figures: FigureSet, { plan }: PlanComparison): Finding {
  const evident = plan.segments.some(
    (segment) => segment.waiting === 'unattended' && !segment.inBatch && segment.current.batch,
  )
  const unknown = plan.segments.some(
    (segment) => segment.waiting === 'unknown' && !segment.inBatch && segment.current.batch,
  )
  const bound = unknown ? ' It is an upper bound: of some of these calls nothing says whether somebody waits.' : ''
  return {
    code: 'lever:batch',
    verdict: evident ? 'saves' : 'not_enough_evidence',
    title: 'A batch for the calls that can wait alone saves {{lever-saving:batch}}, {{lever-share:batch}} of the total',
    detail: `Calls somebody seems to wait for are left out.${bound}${goalPart(figures, 'batch')}`,
    figureKeys: ['lever-saving:batch', 'lever-share:batch', ...goalKeys(figures, 'batch')],
    risk: 'A batch answers within a day, not within seconds.',
    apply: BATCH_STEPS,
    verify: 'Import the calls after the change, with batch set to true for those that went to a batch.',
  }
}

function swapLever(figures: FigureSet, { plan }: PlanComparison): Finding {
  const moves = [...plan.swaps].map(([from, to]) => `${from} to ${to.name}`).join(', ')
  return {
    code: 'lever:model-swap',
    verdict: 'saves',
    title:
      'Smaller models alone save {{lever-saving:model-swap}}, {{lever-share:model-swap}} of the total, if every call moves',
    detail: `The moves are ${moves}, for the same tokens at the same provider.${goalPart(figures, 'model-swap')}`,
    figureKeys: [
      'lever-saving:model-swap',
      'lever-share:model-swap',
      ...goalKeys(figures, 'model-swap'),
      'pairs-needed',
    ],
    risk: QUALITY_UNKNOWN,
    apply: [...plan.swaps]
      .slice(0, 1)
      .flatMap(([from, to]) => applySwap({ from, to: to.name, provider: to.entry.provider })),
    verify: VERIFY_SWAP,
  }
}

function noLever({ params }: PlanComparison): Finding {
  const kept = [
    ...(params.keepModels ? ['the models are to stay'] : []),
    ...(params.keepLatency ? ['nothing may get slower'] : []),
  ]
  const because = kept.length > 0 ? ` because ${kept.join(' and ')}, and` : ' because'
  return {
    code: 'no-lever',
    verdict: 'not_enough_evidence',
    title: 'No lever can be judged from these calls',
    detail: `Nothing can be moved${because} the calls say nothing of their prompts, so caching cannot be simulated. The gaps say what to add.`,
    figureKeys: [],
    apply: [],
  }
}

function goalKeys(figures: FigureSet, lever: string): string[] {
  return figures.has(`goal-share:${lever}`) ? [`goal-share:${lever}`] : []
}

function goalPart(figures: FigureSet, lever: string): string {
  return goalKeys(figures, lever).length > 0
    ? ` Alone it reaches the goal when {{goal-share:${lever}}} of it is done.`
    : ''
}
