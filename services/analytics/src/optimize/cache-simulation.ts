import { AppError } from '@apex/kit/app-error'
import type { Answer, Gap, QuestionParams, Scope } from '@apex/protocol/question'
import { quotientText } from '../exact/decimal.ts'
import { usdOfPico } from '../exact/money.ts'
import { FigureSet } from '../query/figure-set.ts'
import { commonGaps, NO_PREFIX_HASHES } from '../query/gaps.ts'
import type { AnswerQuestion } from '../query/question.ts'
import { coverageOf, readFacts, type ScopeFacts } from '../query/read-coverage.ts'
import { cacheFinding, noHashesFinding } from './cache-findings.ts'
import { CACHE_RULES, type CacheRule } from './cache-rule.ts'
import { type LoadedTrace, loadPrefixTrace, MOST_SIMULATED, readEntries } from './load-prefix-trace.ts'
import { measureReuse } from './simulate-cache.ts'
import { type SimulatedRule, simulateRule } from './simulate-rule.ts'

/** Prompt caching simulated on own arrival times and prefix hashes under a provider's rule. */
export const cacheSimulation: AnswerQuestion<'cache_simulation'> = async (context, params) => {
  const rules = chosenRules(params.rules)
  const scope = scopeOf(params)
  const [facts, models] = await Promise.all([readFacts(context, scope), readEntries(context, scope)])
  const figures = new FigureSet()
  addBreakEven(figures, rules)
  const gaps = commonGaps(facts, context.book.version)
  if (facts.given.prefixHashes === 0 || models.length === 0) {
    const missing = facts.calls > 0 ? [NO_PREFIX_HASHES] : []
    const findings = facts.calls > 0 ? [noHashesFinding(figures, rules)] : []
    return {
      coverage: coverageOf(facts),
      columns: COLUMNS,
      rows: [],
      figures: figures.list(),
      findings,
      gaps: [...gaps, ...missing],
    }
  }
  const loaded = await loadPrefixTrace(context, { scope, by: {}, models })
  const now = loaded.groups.reduce((sum, group) => sum + group.inputCost, 0n)
  const simulated = rules.map((rule) => simulateRule(context, { rule, loaded }))
  addFigures(figures, { loaded, now, simulated, facts })
  return {
    coverage: coverageOf(facts),
    columns: COLUMNS,
    rows: simulated.map(rowOf),
    figures: figures.list(),
    findings: simulated.map((each) => cacheFinding(each, figures)),
    gaps: [...gaps, ...traceGaps(facts, loaded)],
  }
}

const COLUMNS: Answer['columns'] = [
  { key: 'rule', label: 'Rule', unit: '' },
  { key: 'calls', label: 'Calls', unit: 'calls' },
  { key: 'input_cost_usd', label: 'Input cost', unit: 'USD' },
  { key: 'ratio', label: 'Against now', unit: 'multiple' },
  { key: 'saving_usd', label: 'Saving', unit: 'USD' },
  { key: 'hindsight_ratio', label: 'With hindsight', unit: 'multiple' },
  { key: 'applies', label: 'Rule of these models', unit: '' },
]

const REUSE_MINUTES = [
  ['reuse-60s', 1],
  ['reuse-5m', 5],
  ['reuse-10m', 10],
  ['reuse-30m', 30],
] as const
const MINUTE_US = 60_000_000

function chosenRules(names: QuestionParams['cache_simulation']['rules']): readonly CacheRule[] {
  if (!names || names.length === 0) return CACHE_RULES
  return [...new Set(names)].map((name) => {
    const rule = CACHE_RULES.find((each) => each.name === name)
    if (rule) return rule
    const known = CACHE_RULES.map((each) => each.name).join(', ')
    throw new AppError('unprocessable', `There is no cache rule ${JSON.stringify(name)}. Known are ${known}.`, {
      issues: [{ path: 'body.params.rules', message: `${name} is not a rule` }],
    })
  })
}

function scopeOf({ scope, model }: QuestionParams['cache_simulation']): Scope {
  return model === undefined ? scope : { ...scope, filter: { ...scope.filter, model: [model] } }
}

function addBreakEven(figures: FigureSet, rules: readonly CacheRule[]): void {
  for (const { name, label, write, read } of rules) {
    const extra = (write.numerator - write.denominator) * read.denominator
    const gained = write.numerator * read.denominator - read.numerator * write.denominator
    if (extra === 0n) continue
    figures.ratio({
      key: `break-even:${name}`,
      label: `Share of reads from which writing everything pays: ${label}`,
      part: extra,
      whole: gained,
      formula: '(write multiple − 1) ÷ (write multiple − read multiple)',
      rows: [
        {
          rule: name,
          write_multiple: quotientText(write.numerator, write.denominator) ?? '',
          read_multiple: quotientText(read.numerator, read.denominator) ?? '',
        },
      ],
    })
  }
}

type TraceFigures = { loaded: LoadedTrace<never>; now: bigint; simulated: SimulatedRule[]; facts: ScopeFacts }

function addFigures(figures: FigureSet, { loaded, now, simulated, facts }: TraceFigures): void {
  const { trace, groups } = loaded
  const rows = groups.map((group) => ({
    entry: group.key.entry,
    calls: group.calls,
    input_cost_usd: usdOfPico(group.inputCost),
  }))
  figures
    .count({
      key: 'simulated-calls',
      label: 'Calls simulated',
      value: trace.calls,
      unit: 'calls',
      formula: 'priced calls with prefix hashes',
      rows,
    })
    .ratio({
      key: 'hash-share',
      label: 'Share of calls with prefix hashes',
      part: BigInt(facts.given.prefixHashes),
      whole: BigInt(facts.calls),
      formula: 'calls with prefix hashes ÷ calls',
    })
    .usd({
      key: 'input-cost-now',
      label: 'Present input cost of the simulated calls',
      pico: now,
      formula: 'sum of the cost of all input classes',
      rows,
    })
  const { reused, all } = measureReuse(trace, [
    Number.POSITIVE_INFINITY,
    ...REUSE_MINUTES.map(([, minutes]) => minutes * MINUTE_US),
  ])
  for (const [index, key] of ['reuse-infinite', ...REUSE_MINUTES.map(([name]) => name)].entries()) {
    const within = index === 0 ? 'ever before' : `within ${REUSE_MINUTES[index - 1]?.[1]} min before`
    const tokens = reused[index] ?? 0
    figures.ratio({
      key,
      label: `Share of input tokens whose prefix was sent ${within}`,
      part: BigInt(tokens),
      whole: BigInt(all),
      places: 2,
      formula: 'tokens of leading blocks that an earlier call had within that time ÷ all input tokens',
      rows: [{ reused_tokens: tokens, input_tokens: all }],
    })
  }
  for (const each of simulated) addRuleFigures(figures, each)
}

function addRuleFigures(figures: FigureSet, simulated: SimulatedRule): void {
  const { rule, applies, calls, now, cost } = simulated
  const rows = [{ rule: 'as it is now', calls, input_cost_usd: usdOfPico(now) }, rowOf(simulated)]
  const formula =
    'calls in order; whole blocks are read if used within the lifetime, else written; the tail and prompts or reads under the minimum are charged plainly'
  figures
    .usd({
      key: `input-cost-now:${rule.name}`,
      label: `Present input cost: ${rule.label}`,
      pico: now,
      formula: applies
        ? 'sum of the cost of all input classes of the calls whose models follow the rule'
        : 'sum of the cost of all input classes of all simulated calls; none of their models follows the rule',
      rows,
    })
    .usd({ key: `input-cost:${rule.name}`, label: `Input cost: ${rule.label}`, pico: cost, formula, rows })
    .ratio({
      key: `ratio:${rule.name}`,
      label: `Input cost against now: ${rule.label}`,
      part: cost,
      whole: now,
      unit: 'multiple',
      places: 3,
      formula: 'input cost under the rule ÷ present input cost',
      rows,
    })
    .usd({
      key: `saving:${rule.name}`,
      label: `Saving: ${rule.label}`,
      pico: now - cost,
      formula: 'present input cost − input cost under the rule; below zero is a loss',
      rows,
    })
    .usd({
      key: `loss:${rule.name}`,
      label: `Loss: ${rule.label}`,
      pico: cost > now ? cost - now : undefined,
      formula: 'input cost under the rule − present input cost',
      rows,
    })
    .ratio({
      key: `saving-share:${rule.name}`,
      label: `Saving of the input cost: ${rule.label}`,
      part: now - cost,
      whole: now,
      formula: 'saving ÷ present input cost',
      rows,
    })
  addHindsight(figures, simulated, rows)
}

function addHindsight(figures: FigureSet, { rule, now, hindsight }: SimulatedRule, rows: Answer['rows']): void {
  figures
    .usd({
      key: `hindsight-cost:${rule.name}`,
      label: `Input cost with hindsight: ${rule.label}`,
      pico: hindsight,
      formula: 'the same, writing only blocks that are used again in time',
      rows,
    })
    .ratio({
      key: `hindsight-ratio:${rule.name}`,
      label: `Input cost with hindsight against now: ${rule.label}`,
      part: hindsight,
      whole: now,
      unit: 'multiple',
      places: 3,
      formula: 'input cost with hindsight ÷ present input cost; no real program can do better',
      rows,
    })
}

function rowOf({ rule, calls, now, cost, hindsight, applies }: SimulatedRule) {
  return {
    rule: rule.name,
    calls,
    input_cost_usd: usdOfPico(cost),
    ratio: quotientText(cost, now) ?? null,
    saving_usd: usdOfPico(now - cost),
    hindsight_ratio: quotientText(hindsight, now) ?? null,
    applies,
  }
}

function traceGaps(facts: ScopeFacts, { trace }: LoadedTrace<never>): Gap[] {
  const gaps: Gap[] = []
  if (facts.given.prefixHashes < facts.calls) {
    gaps.push({
      code: 'partial-prefix-hashes',
      what: 'Only {{hash-share}} of the calls have prefix hashes.',
      effect: 'The simulation is about those calls alone; what the others share is unknown.',
      how: NO_PREFIX_HASHES.how,
    })
  }
  if (trace.calls === MOST_SIMULATED) {
    gaps.push({
      code: 'simulated-part',
      what: 'There are more calls with prefix hashes than one simulation takes; the latest {{simulated-calls}} were simulated.',
      effect: 'Figures are about that part.',
      how: 'Ask about a shorter time range.',
    })
  }
  return gaps
}
