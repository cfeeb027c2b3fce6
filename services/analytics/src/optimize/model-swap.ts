import { AppError } from '@apex/kit/app-error'
import type { Answer, Finding, Gap, QuestionParams, Scope } from '@apex/protocol/question'
import { quotientText } from '../exact/decimal.ts'
import { usdOfPico } from '../exact/money.ts'
import type { BookModel } from '../price-book/book-model.ts'
import type { PriceBook } from '../price-book/price-book.ts'
import { FigureSet } from '../query/figure-set.ts'
import { commonGaps } from '../query/gaps.ts'
import { KeySlugs } from '../query/key-slug.ts'
import type { AnswerQuestion, QuestionContext } from '../query/question.ts'
import { coverageOf, readFacts } from '../query/read-coverage.ts'
import { addSums, readSums } from '../query/read-sums.ts'
import { addGoalSaving, type Goal, goalOf, shareToReach } from './goal.ts'
import { CATALOGUE } from './model-catalogue.ts'
import { costOn, INPUT_SQL, type PriceGroup, readPriceGroups } from './price-groups.ts'
import { addPairsNeeded, QUALITY_UNKNOWN } from './quality-evidence.ts'
import { type Candidate, swapCandidates } from './swap-candidates.ts'
import { applySwap, VERIFY_SWAP } from './swap-steps.ts'

type Params = QuestionParams['model_swap']
type Swap = { candidate: Candidate; cost: bigint; slug: string }

/** What the same tokens cost on another model; candidates from the price book when `to` is absent. */
export const modelSwap: AnswerQuestion<'model_swap'> = async (context, params) => {
  const scope = narrowed(params.scope, params.from)
  const [facts, [whole], current] = await Promise.all([
    readFacts(context, scope),
    readSums(context, { scope: params.scope, by: {} }),
    readCurrent(context, scope),
  ])
  const total = whole ?? addSums([])
  const figures = new FigureSet()
  if (!current) return nothing({ facts, figures, params, version: context.book.version })
  const groups = await readPriceGroups(context, {
    scope,
    by: {},
    models: modelsToPrice(context.book, current.entry, params.to),
  })
  const costOf = (entry: BookModel) => sumOrUnknown(groups.map((group) => costOn(entry, group)))
  const currentCost = groups.reduce((sum, group) => sum + group.cost, 0n)
  const given = {
    book: context.book,
    from: current.entry,
    largestCallTokens: current.largestCallTokens,
    costOf,
    currentCost,
  }
  const candidates = params.to === undefined ? swapCandidates(given) : namedCandidate(context.book, current, params.to)
  const slugs = new KeySlugs()
  const swaps = candidates.flatMap((candidate) => {
    const cost = costOf(candidate.entry)
    return cost === undefined ? [] : [{ candidate, cost, slug: slugs.of(candidate.name) }]
  })
  addSwapFigures(figures, { swaps, groups, currentCost, totalCost: total.cost, params })
  return {
    coverage: coverageOf(facts),
    columns: COLUMNS,
    rows: swaps.map((swap) => rowOf(swap, currentCost)),
    figures: figures.list(),
    findings: swaps.map((swap) => findingOf(swap, { figures, params, currentCost })),
    gaps: [...commonGaps(facts, context.book.version), ...(swaps.length === 0 ? [NO_CANDIDATE] : [])],
  }
}

const COLUMNS: Answer['columns'] = [
  { key: 'model', label: 'Model', unit: '' },
  { key: 'provider', label: 'Provider', unit: '' },
  { key: 'cost_usd', label: 'Cost of the same tokens', unit: 'USD' },
  { key: 'saving_usd', label: 'Saving', unit: 'USD' },
  { key: 'saving_share', label: 'Share of the present cost', unit: 'ratio' },
]

const NO_CANDIDATE: Gap = {
  code: 'no-candidate',
  what: 'No comparable model that costs less is known for these calls.',
  effect: 'Nothing can be said about saving by a change of model.',
  how: 'Name the model to compare with, as the price book spells it; GET /api/v1/prices?search=… lists the names.',
}

type Current = { entry: BookModel; largestCallTokens: number }

async function readCurrent(context: QuestionContext, scope: Scope): Promise<Current | undefined> {
  const sql = `
    select price_entry, max(${INPUT_SQL} + output_text + output_reasoning) as largest
    from {calls} where cost_state = 'priced' group by price_entry order by sum(toInt128(cost)) desc, price_entry`
  const rows = await context.read<{ price_entry: string; largest: string }>(scope, { sql })
  const [provider = '', ...model] = rows[0]?.price_entry.split('/') ?? []
  const entry = context.book.entry(provider, model.join('/'))
  return entry && { entry, largestCallTokens: Math.max(...rows.map((row) => Number(row.largest))) }
}

// The tiers and dates of every model that may come up decide how finely calls are grouped.
function modelsToPrice(book: PriceBook, from: BookModel, to: string | undefined): BookModel[] {
  const named = to === undefined ? [] : [book.find(from.provider, to), book.find(undefined, to)]
  const catalogue = CATALOGUE.flatMap((each) => [
    book.find(from.provider, each.model),
    book.find(each.maker, each.model),
  ])
  return [from, ...(to === undefined ? catalogue : named).flatMap((lookup) => (lookup.found ? [lookup.model] : []))]
}

function namedCandidate(book: PriceBook, current: Current, to: string): Candidate[] {
  const here = book.find(current.entry.provider, to)
  const lookup = here.found ? here : book.find(undefined, to)
  if (!lookup.found) {
    throw new AppError(
      'unprocessable',
      `The price book knows no model ${JSON.stringify(to)}. GET /api/v1/prices?search=… lists the names it knows.`,
      {
        issues: [{ path: 'body.params.to', message: 'is not a model of the price book' }],
      },
    )
  }
  const known = CATALOGUE.find((each) => each.model === lookup.model.model)
  return [
    {
      name: to,
      entry: lookup.model,
      sameProvider: lookup.model.provider === current.entry.provider,
      steps: 0,
      reasons: known?.reasons ?? false,
    },
  ]
}

type SwapFigures = {
  swaps: Swap[]
  groups: PriceGroup<never>[]
  currentCost: bigint
  totalCost: bigint
  params: Params
}

function addSwapFigures(figures: FigureSet, { swaps, groups, currentCost, totalCost, params }: SwapFigures): void {
  const calls = groups.reduce((sum, group) => sum + group.calls, 0)
  const now = { model: params.from, priced_calls: calls, cost_usd: usdOfPico(currentCost) }
  figures
    .usd({
      key: 'current-cost',
      label: `Present cost of ${params.from}`,
      pico: currentCost,
      formula: `sum of the cost of priced calls of ${params.from}`,
      rows: [now],
    })
    .usd({
      key: 'total-cost',
      label: 'Total cost',
      pico: totalCost,
      formula: 'sum of the cost of all priced calls, of any model',
      rows: [{ model: 'all models', cost_usd: usdOfPico(totalCost) }],
    })
    .count({
      key: 'swap-calls',
      label: `Priced calls of ${params.from}`,
      value: calls,
      unit: 'calls',
      formula: `number of priced calls of ${params.from}`,
      rows: [now],
    })
  const goal = goalOf(params.goal, totalCost)
  addGoalSaving(figures, { goal, share: params.goal, total: totalCost })
  addPairsNeeded(figures)
  for (const swap of swaps) addOneSwap(figures, swap, { now, currentCost, totalCost, goal })
}

type SwapBase = { now: Answer['rows'][number]; currentCost: bigint; totalCost: bigint; goal: Goal | undefined }

function addOneSwap(
  figures: FigureSet,
  { candidate, cost, slug }: Swap,
  { now, currentCost, totalCost, goal }: SwapBase,
): void {
  const saving = currentCost - cost
  const rows = [now, { model: candidate.name, provider: candidate.entry.provider, cost_usd: usdOfPico(cost) }]
  const formula = 'sum over token classes of the tokens × the rate of that model at the time of the calls'
  figures
    .usd({ key: `swap-cost:${slug}`, label: `Cost on ${candidate.name}`, pico: cost, formula, rows })
    .usd({
      key: `saving:${slug}`,
      label: `Saving with ${candidate.name}`,
      pico: saving,
      formula: 'present cost − cost on that model',
      rows,
    })
    .ratio({
      key: `saving-share:${slug}`,
      label: `Saving with ${candidate.name}, of the model’s cost`,
      part: saving,
      whole: currentCost,
      formula: 'saving ÷ present cost',
      rows,
    })
    .ratio({
      key: `saving-of-total:${slug}`,
      label: `Saving with ${candidate.name}, of the total cost`,
      part: saving,
      whole: totalCost,
      formula: 'saving ÷ total cost',
      rows,
    })
    .add({
      key: `goal-share:${slug}`,
      label: `Share of the calls to move to ${candidate.name} for the goal`,
      value: goal && shareToReach(goal, saving),
      unit: 'ratio',
      formula: 'saving to reach the goal ÷ saving if every call moved',
      rows,
    })
}

function findingOf(
  { candidate, cost, slug }: Swap,
  { figures, params, currentCost }: { figures: FigureSet; params: Params; currentCost: bigint },
): Finding {
  const saves = cost < currentCost
  const goal = figures.has(`goal-share:${slug}`)
    ? ` For the goal, {{goal-share:${slug}}} of the calls would have to move.`
    : ''
  const other = candidate.sameProvider
    ? ''
    : ` It is another provider (${candidate.entry.provider}), so tokens are counted differently and the figure is approximate.`
  const reasons = candidate.reasons
    ? ' The model reasons before it answers, so it writes more than the same tokens; the saving is an upper bound.'
    : ''
  return {
    code: `swap:${slug}`,
    verdict: saves ? 'saves' : 'loses',
    title: saves
      ? `${candidate.name} would cost {{swap-cost:${slug}}} instead of {{current-cost}}`
      : `${candidate.name} would cost more: {{swap-cost:${slug}}} instead of {{current-cost}}`,
    detail: `For the same tokens that saves {{saving:${slug}}}, {{saving-share:${slug}}} of what ${params.from} costs.${goal}${other}${reasons}`,
    figureKeys: [
      `swap-cost:${slug}`,
      'current-cost',
      `saving:${slug}`,
      `saving-share:${slug}`,
      ...(goal ? [`goal-share:${slug}`] : []),
      'pairs-needed',
    ],
    risk: QUALITY_UNKNOWN,
    apply: saves ? applySwap({ from: params.from, to: candidate.name, provider: candidate.entry.provider }) : [],
    verify: VERIFY_SWAP,
  }
}

function rowOf({ candidate, cost }: Swap, currentCost: bigint) {
  const saving = currentCost - cost
  const share = quotientText(saving, currentCost) ?? null
  return {
    model: candidate.name,
    provider: candidate.entry.provider,
    cost_usd: usdOfPico(cost),
    saving_usd: usdOfPico(saving),
    saving_share: share,
  }
}

function narrowed(scope: Scope, model: string): Scope {
  return { ...scope, filter: { ...scope.filter, model: [model] } }
}

function sumOrUnknown(costs: readonly (bigint | undefined)[]): bigint | undefined {
  return costs.reduce<bigint | undefined>(
    (sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost),
    0n,
  )
}

function nothing({
  facts,
  figures,
  params,
  version,
}: {
  facts: Parameters<typeof coverageOf>[0]
  figures: FigureSet
  params: Params
  version: string
}) {
  const gap: Gap = {
    code: 'model-not-priced',
    what: `There are no priced calls of ${params.from}.`,
    effect: 'What another model would cost cannot be compared with what these calls cost.',
    how: 'Ask for the breakdown by model to see which models there are, and whether they have a price.',
  }
  const gaps = facts.calls === 0 ? [gap] : [...commonGaps(facts, version), gap]
  return { coverage: coverageOf(facts), columns: COLUMNS, rows: [], figures: figures.list(), findings: [], gaps }
}
