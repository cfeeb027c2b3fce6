import { parseDecimal, quotientText } from '../exact/decimal.ts'
import { usdOfPico } from '../exact/money.ts'
import type { FigureSet } from '../query/figure-set.ts'

const PLACES = 18

/** A saving to reach, kept exact: `scaled / scale` pico-dollars. */
export type Goal = { usd: string; scaled: bigint; scale: bigint }

/** A share of the total cost as the saving it asks for; undefined without a goal or a cost. */
export function goalOf(share: number | undefined, totalCost: bigint): Goal | undefined {
  const parts = share === undefined ? undefined : parseDecimal(String(share), PLACES)
  if (parts === undefined || totalCost <= 0n) return undefined
  const scale = 10n ** BigInt(PLACES)
  return { usd: quotientText(totalCost * parts, scale * 10n ** 12n, PLACES) ?? '0', scaled: totalCost * parts, scale }
}

/** Which part of a saving is enough for the goal; undefined when even all of it is not. */
export function shareToReach(goal: Goal, saving: bigint): string | undefined {
  if (!reaches(goal, saving) || saving <= 0n) return undefined
  return quotientText(goal.scaled, saving * goal.scale)
}

/** Whether a saving is enough for the goal. */
export function reaches(goal: Goal, saving: bigint): boolean {
  return goal.scaled <= saving * goal.scale
}

/** Adds what has to be saved to reach a goal, when there is one. */
export function addGoalSaving(
  figures: FigureSet,
  { goal, share, total }: { goal: Goal | undefined; share: number | undefined; total: bigint },
): void {
  figures.add({
    key: 'goal-saving',
    label: 'Saving to reach the goal',
    value: goal?.usd,
    unit: 'USD',
    formula: `${share} × total cost`,
    rows: [{ total_cost_usd: usdOfPico(total) }],
  })
}
