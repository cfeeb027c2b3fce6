import { TOKEN_CLASSES } from '@apex/protocol/token-class'
import { quotientText } from '../exact/decimal.ts'
import { usdOfPico } from '../exact/money.ts'
import { INPUT_CLASSES, OUTPUT_CLASSES } from '../price-book/price-call.ts'
import type { FigureSet, FigureSpec } from './figure-set.ts'
import { spansAWeek } from './gaps.ts'
import type { ScopeFacts } from './read-coverage.ts'
import { addSums, type CallSums, type SumGroup, sumClasses } from './read-sums.ts'

const CLASS_LABELS = {
  input_uncached: 'uncached input',
  cache_read: 'cache reads',
  cache_write_5m: 'cache writes of the default lifetime',
  cache_write_1h: 'cache writes of the one-hour lifetime',
  output_text: 'output without reasoning',
  output_reasoning: 'reasoning output',
} as const

// A month of the average length, in days times ten thousand.
const MONTH_DAYS = 304_375n

export type UsageGroups = SumGroup<'provider' | 'model'>[]

/** Adds what everything about a scope's calls adds up to, from its groups by provider and model. */
export function addUsageFigures(figures: FigureSet, groups: UsageGroups, facts: ScopeFacts): void {
  const total = addSums(groups)
  if (total.calls === 0) return
  addCallFigures(figures, { groups, total, facts })
  addTokenFigures(figures, { groups, total })
  if (total.priced > 0) addCostFigures(figures, { groups, total, facts })
}

type Given = { groups: UsageGroups; total: CallSums }

function addCallFigures(figures: FigureSet, { groups, total, facts }: Given & { facts: ScopeFacts }): void {
  const calls = BigInt(total.calls)
  const unpriced = total.calls - total.priced
  const rows = groups.map((group) => ({
    ...group.key,
    calls: group.calls,
    priced_calls: group.priced,
    errors: group.errors,
  }))
  figures
    .count({ key: 'calls', label: 'Calls', value: total.calls, unit: 'calls', formula: 'number of calls', rows })
    .count({
      key: 'priced-calls',
      label: 'Priced calls',
      value: total.priced,
      unit: 'calls',
      formula: 'number of calls with a known cost',
      rows,
    })
    .count({
      key: 'unpriced-calls',
      label: 'Unpriced calls',
      value: unpriced,
      unit: 'calls',
      formula: 'calls − priced calls',
      rows,
    })
    .ratio({
      key: 'unpriced-share',
      label: 'Share of calls without a price',
      part: BigInt(unpriced),
      whole: calls,
      formula: 'unpriced calls ÷ calls',
      rows,
    })
    .count({
      key: 'errors',
      label: 'Failed calls',
      value: total.errors,
      unit: 'calls',
      formula: 'number of calls with status error',
      rows,
    })
    .ratio({
      key: 'error-share',
      label: 'Share of failed calls',
      part: BigInt(total.errors),
      whole: calls,
      formula: 'failed calls ÷ calls',
      rows,
    })
  addSpan(figures, facts)
}

function addSpan(figures: FigureSet, facts: ScopeFacts): void {
  figures.ratio({
    key: 'span-days',
    label: 'Time from the first call to the last',
    part: BigInt(facts.toUs - facts.fromUs),
    whole: 86_400_000_000n,
    unit: 'days',
    places: facts.toUs - facts.fromUs < 86_400_000_000 ? 3 : 1,
    formula: 'instant of the last call − instant of the first call',
    rows: [{ from: facts.from, to: facts.to }],
  })
}

function addTokenFigures(figures: FigureSet, { groups, total }: Given): void {
  const input = sumClasses(total.tokens, INPUT_CLASSES)
  const output = sumClasses(total.tokens, OUTPUT_CLASSES)
  const rows = groups.map((group) => ({
    ...group.key,
    ...Object.fromEntries(TOKEN_CLASSES.map((each) => [each, group.tokens[each].toString()])),
  }))
  figures
    .count({
      key: 'tokens',
      label: 'Tokens',
      value: input + output,
      unit: 'tokens',
      formula: 'sum of all token classes over calls with known usage',
      rows,
    })
    .count({
      key: 'input-tokens',
      label: 'Input tokens',
      value: input,
      unit: 'tokens',
      formula: 'uncached input + cache reads + cache writes, over calls with known usage',
      rows,
    })
    .count({
      key: 'output-tokens',
      label: 'Output tokens',
      value: output,
      unit: 'tokens',
      formula: 'output + reasoning output, over calls with known usage',
      rows,
    })
  for (const each of TOKEN_CLASSES) {
    const value = total.tokens[each]
    figures.count({
      key: `class-tokens:${each}`,
      label: `Tokens: ${CLASS_LABELS[each]}`,
      value,
      unit: 'tokens',
      formula: `sum of ${each} over calls with known usage`,
      rows,
    })
  }
  addTokenShares(figures, { input, output, total, rows })
}

type TokenShares = { input: bigint; output: bigint; total: CallSums; rows: FigureSpec['rows'] & object }

function addTokenShares(figures: FigureSet, { input, output, total, rows }: TokenShares): void {
  const counted = BigInt(total.calls - total.unknownUsage)
  figures
    .ratio({
      key: 'input-tokens-per-call',
      label: 'Input tokens per call',
      part: input,
      whole: counted,
      unit: 'tokens/call',
      formula: 'input tokens ÷ calls with known usage',
      rows,
    })
    .ratio({
      key: 'output-tokens-per-call',
      label: 'Output tokens per call',
      part: output,
      whole: counted,
      unit: 'tokens/call',
      formula: 'output tokens ÷ calls with known usage',
      rows,
    })
    .ratio({
      key: 'cache-read-share',
      label: 'Share of input read from a cache',
      part: total.tokens.cache_read,
      whole: input,
      formula: 'cache reads ÷ input tokens',
      rows,
    })
}

function addCostFigures(figures: FigureSet, { groups, total, facts }: Given & { facts: ScopeFacts }): void {
  const rows = groups.filter((group) => group.priced > 0).map(costRow)
  const input = sumClasses(total.costs, INPUT_CLASSES)
  const output = sumClasses(total.costs, OUTPUT_CLASSES)
  figures
    .usd({
      key: 'total-cost',
      label: 'Total cost',
      pico: total.cost,
      formula: 'sum of the cost of all priced calls',
      rows,
    })
    .add({
      key: 'cost-per-call',
      label: 'Cost per priced call',
      value: perCall(total.cost, total.priced),
      unit: 'USD/call',
      formula: 'total cost ÷ priced calls',
      rows,
    })
    .ratio({
      key: 'input-cost-share',
      label: 'Share of cost that is input',
      part: input,
      whole: total.cost,
      formula: 'cost of all input classes ÷ total cost',
      rows,
    })
    .ratio({
      key: 'output-cost-share',
      label: 'Share of cost that is output',
      part: output,
      whole: total.cost,
      formula: 'cost of output and reasoning ÷ total cost',
      rows,
    })
  for (const each of TOKEN_CLASSES) {
    figures.usd({
      key: `class-cost:${each}`,
      label: `Cost of ${CLASS_LABELS[each]}`,
      pico: total.costs[each],
      formula: `sum over priced calls of the cost of ${each}`,
      rows,
    })
  }
  if (!spansAWeek(facts)) return
  figures.add({
    key: 'monthly-cost',
    label: 'Cost of an average month at this pace',
    value: quotientText(
      total.cost * 86_400_000_000n * MONTH_DAYS,
      BigInt(facts.toUs - facts.fromUs) * 10_000n * 10n ** 12n,
    ),
    unit: 'USD/month',
    formula: 'total cost ÷ span in days × 30.4375 days',
    rows: [{ total_cost_usd: usdOfPico(total.cost), from: facts.from, to: facts.to }],
  })
}

/** A cost in pico-dollars per call, as decimal USD. */
export function perCall(cost: bigint, calls: number): string | undefined {
  return quotientText(cost, BigInt(calls) * 10n ** 12n, 15)
}

function costRow(group: SumGroup<'provider' | 'model'>): Record<string, string | number> {
  const classes = TOKEN_CLASSES.map((each) => [`${each}_usd`, usdOfPico(group.costs[each])])
  return { ...group.key, priced_calls: group.priced, cost_usd: usdOfPico(group.cost), ...Object.fromEntries(classes) }
}
