import { divideHalfEven } from '../exact/decimal.ts'
import type { BookModel } from '../price-book/book-model.ts'
import { CACHE_RULES, type CacheRule, ruleApplies } from './cache-rule.ts'
import { costOfSplit } from './cost-of-split.ts'
import type { PlanTrace, Segment } from './plan-segments.ts'
import { costOn } from './price-groups.ts'
import { type InputSplit, simulateCache } from './simulate-cache.ts'

/** Which levers are pulled; `batch` moves calls nobody seems to wait for, or all that do not say. */
export type Levers = { swap: boolean; cache: boolean; batch: 'none' | 'unattended' | 'all-but-interactive' }

export const NO_LEVERS: Levers = { swap: false, cache: false, batch: 'none' }

/** A segment under a set of levers: on which model, in a batch or not. */
type Moved = { segment: Segment; model: BookModel; batch: boolean; moved: boolean }

/** What the transformed calls cost, and which cache rule each model follows then. */
export type PlanCost = { cost: bigint; rules: Map<string, CacheRule>; movedCalls: number }

/**
 * The cost in pico-dollars of all calls with the levers pulled together: each call on its new model, in its batch or
 * with its prompt cached, and the cache filled only by the calls that still pass through it.
 */
export function planCost({ segments, trace }: PlanTrace, levers: Levers): PlanCost {
  const all = segments.map((segment) => move(segment, levers))
  const rules = new Map<string, CacheRule>()
  const splits = levers.cache && trace ? chooseRules(all, trace, rules) : new Map<Segment, bigint>()
  let cost = 0n
  let movedCalls = 0
  for (const each of all) {
    const cached = splits.get(each.segment)
    cost += cached ?? plainCost(each)
    if (cached !== undefined || each.moved) movedCalls += each.segment.calls
  }
  return { cost, rules, movedCalls }
}

/** Whether a lever has anything to move at all. */
export function isEligible(segment: Segment, batch: Levers['batch']): boolean {
  if (batch === 'none' || segment.inBatch || !segment.current.batch) return false
  return segment.waiting === 'unattended' || (batch === 'all-but-interactive' && segment.waiting === 'unknown')
}

function move(segment: Segment, levers: Levers): Moved {
  const target = levers.swap ? segment.target : undefined
  const model = target && (!segment.inBatch || target.batch) ? target : segment.current
  const goesToBatch = isEligible(segment, levers.batch) && model.batch !== undefined
  return { segment, model, batch: segment.inBatch || goesToBatch, moved: goesToBatch || model !== segment.current }
}

function plainCost({ segment, model, batch, moved }: Moved): bigint {
  if (!moved) return segment.cost
  // The stored cost in a batch, halved, is the same model's batch price for every class at once.
  if (model === segment.current && model.batch && !segment.inBatch) {
    return divideHalfEven(segment.cost * model.batch.numerator, model.batch.denominator)
  }
  return costOn(model, segment, batch ? model.batch : undefined) ?? segment.cost
}

// Per model the rule that costs least, if any costs less than what the calls have now.
function chooseRules(
  all: readonly Moved[],
  trace: NonNullable<PlanTrace['trace']>,
  rules: Map<string, CacheRule>,
): Map<Segment, bigint> {
  const through = all.filter((each) => each.segment.traceGroup !== undefined && !each.batch)
  const without = new Set(all.filter((each) => each.batch).flatMap((each) => each.segment.traceGroup ?? []))
  const splitBy = new Map<string, InputSplit>()
  const chosen = new Map<Segment, bigint>()
  for (const model of new Set(through.map((each) => each.model))) {
    const own = through.filter((each) => each.model === model)
    let best = {
      cost: own.reduce((sum, each) => sum + plainCost(each), 0n),
      rule: undefined as CacheRule | undefined,
      costs: new Map<Segment, bigint>(),
    }
    for (const rule of CACHE_RULES.filter((each) => ruleApplies(each, model))) {
      const split =
        splitBy.get(rule.name) ??
        simulateCache(trace, { lifeUs: rule.lifeMs * 1_000, minTokens: rule.minTokens, without })
      splitBy.set(rule.name, split)
      const costs = new Map(own.map((each) => [each.segment, cachedCost(each, { rule, split })]))
      const cost = [...costs.values()].reduce((sum, each) => sum + each, 0n)
      if (cost < best.cost) best = { cost, rule, costs }
    }
    if (best.rule) rules.set(model.model, best.rule)
    for (const [segment, cost] of best.costs) chosen.set(segment, cost)
  }
  return chosen
}

function cachedCost(
  { segment, model, ...rest }: Moved,
  { rule, split }: { rule: CacheRule; split: InputSplit },
): bigint {
  const input = costOfSplit({ split, index: segment.traceGroup ?? 0, rule, model }, segment)
  const { output_text, output_reasoning } = segment.tokens
  const none = { input_uncached: 0n, cache_read: 0n, cache_write_5m: 0n, cache_write_1h: 0n }
  const output = costOn(model, { ...segment, tokens: { ...none, output_text, output_reasoning } })
  return input === undefined || output === undefined ? plainCost({ segment, model, ...rest }) : input + output
}
