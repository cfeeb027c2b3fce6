import { FULL_PRICE } from '../price-book/rate.ts'
import type { QuestionContext } from '../query/question.ts'
import { type CacheRule, ruleApplies } from './cache-rule.ts'
import { costOfSplit } from './cost-of-split.ts'
import { entryOf, type LoadedTrace } from './load-prefix-trace.ts'
import { type InputSplit, simulateCache, simulateWithHindsight } from './simulate-cache.ts'

/**
 * A rule's effect in pico-dollars of input: as it is now, with everything written, and with hindsight. It is about the
 * calls whose models follow the rule; when none does, about all of them as if they did.
 */
export type SimulatedRule = {
  rule: CacheRule
  applies: boolean
  calls: number
  now: bigint
  cost: bigint
  hindsight: bigint
}

/** Runs one rule over a loaded trace. */
export function simulateRule(
  context: QuestionContext,
  { rule, loaded }: { rule: CacheRule; loaded: LoadedTrace<never> },
): SimulatedRule {
  const groups = loaded.groups.map((group, index) => ({ ...group, index, model: entryOf(context, group.key.entry) }))
  const following = groups.filter(({ model }) => model !== undefined && ruleApplies(rule, model))
  const applies = following.length > 0
  const about = applies ? following : groups
  const without = new Set(groups.filter((group) => !about.includes(group)).map((group) => group.index))
  const behaviour = { lifeUs: rule.lifeMs * 1_000, minTokens: rule.minTokens, without }
  const price = (split: InputSplit): bigint =>
    about.reduce((sum, group) => {
      const { model, index } = group
      const factor = group.key.batch === 'true' ? (model?.batch ?? FULL_PRICE) : FULL_PRICE
      const cost = model && costOfSplit({ split, index, rule, model, factor }, group)
      return sum + (cost ?? group.inputCost)
    }, 0n)
  return {
    rule,
    applies,
    calls: about.reduce((sum, group) => sum + group.calls, 0),
    now: about.reduce((sum, group) => sum + group.inputCost, 0n),
    cost: price(simulateCache(loaded.trace, behaviour)),
    hindsight: price(simulateWithHindsight(loaded.trace, behaviour)),
  }
}
