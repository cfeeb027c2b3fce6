import { FULL_PRICE } from '../price-book/rate.ts'
import type { QuestionContext } from '../query/question.ts'
import { type CacheRule, ruleApplies } from './cache-rule.ts'
import { costOfSplit } from './cost-of-split.ts'
import { entryOf, type LoadedTrace } from './load-prefix-trace.ts'
import { type InputSplit, simulateCache, simulateWithHindsight } from './simulate-cache.ts'

/** A rule's effect on the calls: input cost in pico-dollars with everything written, and with hindsight. */
export type SimulatedRule = { rule: CacheRule; cost: bigint; hindsight: bigint; applies: boolean }

/** Runs one rule over a loaded trace. */
export function simulateRule(
  context: QuestionContext,
  { rule, loaded }: { rule: CacheRule; loaded: LoadedTrace<never> },
): SimulatedRule {
  const behaviour = { lifeUs: rule.lifeMs * 1_000, minTokens: rule.minTokens }
  const models = loaded.groups.map((group) => entryOf(context, group.key.entry))
  const price = (split: InputSplit): bigint =>
    loaded.groups.reduce((sum, group, index) => {
      const model = models[index]
      const factor = group.key.batch === 'true' ? (model?.batch ?? FULL_PRICE) : FULL_PRICE
      const cost = model && costOfSplit({ split, index, rule, model, factor }, group)
      return sum + (cost ?? group.inputCost)
    }, 0n)
  return {
    rule,
    applies: models.some((model) => model !== undefined && ruleApplies(rule, model)),
    cost: price(simulateCache(loaded.trace, behaviour)),
    hindsight: price(simulateWithHindsight(loaded.trace, behaviour)),
  }
}
