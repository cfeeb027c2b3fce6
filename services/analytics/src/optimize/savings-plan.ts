import type { Answer, Gap } from '@apex/protocol/question'
import { quotientText } from '../exact/decimal.ts'
import { usdOfPico } from '../exact/money.ts'
import { FigureSet } from '../query/figure-set.ts'
import { commonGaps, NO_PREFIX_HASHES } from '../query/gaps.ts'
import type { AnswerQuestion } from '../query/question.ts'
import { coverageOf, readFacts, type ScopeFacts } from '../query/read-coverage.ts'
import { addGoalSaving, reaches, shareToReach } from './goal.ts'
import { comparePlans, type PlanComparison } from './plan-comparison.ts'
import { planFindings } from './plan-findings.ts'
import { readPlanTrace } from './plan-segments.ts'
import { addPairsNeeded } from './quality-evidence.ts'

/** The joint counterfactual of several levers on the same calls, never the sum of the levers. */
export const savingsPlan: AnswerQuestion<'savings_plan'> = async (context, params) => {
  const { scope, keepModels } = params
  const facts = await readFacts(context, scope)
  const plan = await readPlanTrace(context, { scope, hashed: facts.given.prefixHashes, keepModels })
  const comparison = comparePlans(plan, params)
  const figures = new FigureSet()
  if (comparison.total > 0n) addFigures(figures, comparison)
  return {
    coverage: coverageOf(facts),
    columns: [
      { key: 'lever', label: 'Lever', unit: '' },
      { key: 'saving_usd', label: 'Saving alone', unit: 'USD' },
      { key: 'share', label: 'Of the total', unit: 'ratio' },
      { key: 'calls', label: 'Calls it changes', unit: 'calls' },
      { key: 'goal_share', label: 'Part of it the goal needs', unit: 'ratio' },
    ],
    rows: comparison.total > 0n ? rowsOf(comparison) : [],
    figures: figures.list(),
    findings: comparison.total > 0n ? planFindings(figures, comparison) : [],
    gaps: [...commonGaps(facts, context.book.version), ...planGaps(facts, comparison)],
  }
}

function addFigures(figures: FigureSet, comparison: PlanComparison): void {
  const { total, alone, goal, params } = comparison
  figures.usd({
    key: 'total-cost',
    label: 'Total cost',
    pico: total,
    formula: 'sum of the cost of all priced calls',
    rows: modelRows(comparison),
  })
  addGoalSaving(figures, { goal, share: params.goal, total })
  addLeverFigures(figures, comparison)
  if (alone.length > 0) addJointFigures(figures, comparison)
  addSafeFigures(figures, comparison)
  if (alone.some((lever) => lever.name === 'model-swap')) addPairsNeeded(figures)
}

function addLeverFigures(figures: FigureSet, comparison: PlanComparison): void {
  const { alone, total, goal } = comparison
  const rows = rowsOf(comparison)
  for (const [index, { name, label, saving }] of alone.entries()) {
    const own = rows.slice(index, index + 1)
    figures
      .usd({
        key: `lever-saving:${name}`,
        label: `Saving of ${label.toLowerCase()} alone`,
        pico: saving,
        formula: 'total cost − cost of the same calls with this lever alone, pulled for every call it can change',
        rows: own,
      })
      .ratio({
        key: `lever-share:${name}`,
        label: `Saving of ${label.toLowerCase()} alone, of the total`,
        part: saving,
        whole: total,
        formula: 'saving ÷ total cost',
        rows: own,
      })
      .add({
        key: `goal-share:${name}`,
        label: `Part of ${label.toLowerCase()} that reaches the goal alone`,
        value: goal && shareToReach(goal, saving),
        unit: 'ratio',
        formula: 'saving to reach the goal ÷ saving of the lever',
        rows: own,
      })
  }
}

function addJointFigures(figures: FigureSet, comparison: PlanComparison): void {
  const { alone, total, joint, goal } = comparison
  const rows = rowsOf(comparison)
  const saving = total - joint.cost
  const sum = alone.reduce((all, lever) => all + lever.saving, 0n)
  figures
    .usd({
      key: 'joint-saving',
      label: 'Saving of all levers together',
      pico: saving,
      formula: 'total cost − cost of the same calls with all levers pulled together, call by call',
      rows,
    })
    .ratio({
      key: 'joint-share',
      label: 'Saving of all levers together, of the total',
      part: saving,
      whole: total,
      formula: 'joint saving ÷ total cost',
      rows,
    })
    .usd({
      key: 'joint-cost',
      label: 'Cost with all levers pulled together',
      pico: joint.cost,
      formula: 'cost of the transformed calls',
      rows,
    })
    .usd({
      key: 'overlap',
      label: 'What adding up the levers would count more than once',
      pico: sum - saving,
      formula: 'sum of the savings of each lever alone − joint saving',
      rows,
    })
    .add({
      key: 'goal-share',
      label: 'Part of the joint plan that reaches the goal',
      value: goal && shareToReach(goal, saving),
      unit: 'ratio',
      formula: 'saving to reach the goal ÷ joint saving',
      rows,
    })
}

// Risk-free levers first; what then is missing to the goal decides how many calls have to change their model.
function addSafeFigures(
  figures: FigureSet,
  { total, safe, safeWords, safeAndSwap, goal, alone }: PlanComparison,
): void {
  const saved = total - safe.cost
  if (saved > 0n) {
    figures
      .usd({
        key: 'safe-saving',
        label: 'Saving without touching quality or anybody who waits',
        pico: saved,
        formula: `total cost − cost with ${safeWords}`,
        rows: [{ safe_cost_usd: usdOfPico(safe.cost), total_cost_usd: usdOfPico(total) }],
      })
      .ratio({
        key: 'safe-share',
        label: 'The same, of the total',
        part: saved,
        whole: total,
        formula: 'that saving ÷ total cost',
        rows: [{ safe_cost_usd: usdOfPico(safe.cost), total_cost_usd: usdOfPico(total) }],
      })
  }
  const more = safe.cost - safeAndSwap.cost
  if (!goal || more <= 0n || reaches(goal, saved) || !alone.some((lever) => lever.name === 'model-swap')) return
  const missing = goal.scaled - saved * goal.scale
  if (missing > more * goal.scale) return
  figures.add({
    key: 'swap-share-needed',
    label: 'Share of the movable calls that has to change its model for the goal',
    value: quotientText(missing, more * goal.scale),
    unit: 'ratio',
    formula: '(saving to reach the goal − saving without risk) ÷ what the change of models adds to it',
    rows: [{ safe_saving_usd: usdOfPico(saved), swap_adds_usd: usdOfPico(more) }],
  })
}

function rowsOf({ alone, total, goal, joint }: PlanComparison): Answer['rows'] {
  const row = (lever: string, saving: bigint, calls: number) => ({
    lever,
    saving_usd: usdOfPico(saving),
    share: quotientText(saving, total) ?? null,
    calls,
    goal_share: goal ? (shareToReach(goal, saving) ?? null) : null,
  })
  const levers = alone.map(({ label, saving, plan }) => row(label, saving, plan.movedCalls))
  return alone.length === 0 ? [] : [...levers, row('All together', total - joint.cost, joint.movedCalls)]
}

function modelRows({ plan }: PlanComparison): Answer['rows'] {
  const costs = new Map<string, { calls: number; cost: bigint }>()
  for (const { model, calls, cost } of plan.segments) {
    const known = costs.get(model) ?? { calls: 0, cost: 0n }
    costs.set(model, { calls: known.calls + calls, cost: known.cost + cost })
  }
  const sorted = [...costs].sort(([, a], [, b]) => (b.cost > a.cost ? 1 : -1))
  return sorted.map(([model, { calls, cost }]) => ({
    model,
    priced_calls: calls,
    cost_usd: usdOfPico(cost),
    could_move_to: plan.swaps.get(model)?.name ?? null,
  }))
}

function planGaps(facts: ScopeFacts, { plan, params }: PlanComparison): Gap[] {
  const gaps: Gap[] = []
  if (facts.calls > 0 && facts.given.prefixHashes === 0) gaps.push(NO_PREFIX_HASHES)
  if (plan.tooManyToSimulate) {
    gaps.push({
      code: 'too-many-to-simulate',
      what: 'There are more calls with prefix hashes than one simulation takes.',
      effect: 'Prompt caching is left out of this plan.',
      how: 'Ask about a shorter time range.',
    })
  }
  if (!params.keepLatency && plan.segments.some((segment) => segment.waiting === 'unknown')) {
    gaps.push({
      code: 'waiting-unknown',
      what: 'Of some calls nothing says whether somebody waits for the answer.',
      effect: 'Their saving in a batch is in the plan as an upper bound.',
      how: 'Add service, feature or environment with names that tell, and conversation where a person is talking.',
    })
  }
  return gaps
}
