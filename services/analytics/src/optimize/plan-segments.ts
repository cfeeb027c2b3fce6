import type { Scope } from '@apex/protocol/question'
import type { BookModel } from '../price-book/book-model.ts'
import type { QuestionContext } from '../query/question.ts'
import { entryOf, type LoadedTrace, loadPrefixTrace, MOST_SIMULATED, readEntries } from './load-prefix-trace.ts'
import { CATALOGUE } from './model-catalogue.ts'
import type { PrefixTrace } from './prefix-trace.ts'
import { costOn, type PriceGroup, readPriceGroups } from './price-groups.ts'
import { type Candidate, swapCandidates } from './swap-candidates.ts'
import { LABEL_COLUMNS, labelsOf, type Waiting, waitingOf } from './waiting.ts'

/** Calls that every lever treats alike. */
export type Segment = Pick<PriceGroup<never>, 'calls' | 'cost' | 'tokens' | 'atMs' | 'inputTokens'> & {
  /** The model's name as calls carry it. */
  model: string
  current: BookModel
  /** The model they could move to. */
  target: BookModel | undefined
  inBatch: boolean
  waiting: Waiting
  /** Their group in the trace, when their prefixes are known. */
  traceGroup: number | undefined
}

export type PlanTrace = {
  segments: Segment[]
  trace: PrefixTrace | undefined
  swaps: Map<string, Candidate>
  /** Calls with prefix hashes are too many to simulate at once. */
  tooManyToSimulate: boolean
}

type Key = 'entry' | 'batch' | 'model' | keyof typeof LABEL_COLUMNS

const BY = { model: 'model', ...LABEL_COLUMNS }
const HASHED = 'notEmpty(prefix_hashes) and prefix_block_tokens > 0'
// Models below this share of the cost are not worth a change.
const LEAST_SHARE = 20n

/** Reads the calls of a scope as segments, each with the model it could move to. */
export async function readPlanTrace(
  context: QuestionContext,
  { scope, hashed, keepModels }: { scope: Scope; hashed: number; keepModels: boolean },
): Promise<PlanTrace> {
  const entries = await readEntries(context, scope)
  const models = [...entries, ...(keepModels ? [] : entries.flatMap((entry) => alternatives(context, entry)))]
  const tooManyToSimulate = hashed > MOST_SIMULATED
  const simulate = hashed > 0 && !tooManyToSimulate
  const [plain, loaded] = await Promise.all([
    readPriceGroups(context, {
      scope,
      by: { entry: 'price_entry', batch: 'batch_price', ...BY },
      models,
      ...(simulate ? { where: `not (${HASHED})` } : {}),
    }),
    simulate ? loadPrefixTrace(context, { scope, by: BY, models }) : undefined,
  ])
  const segments = [
    ...plain.flatMap((group) => segmentOf(context, group, undefined)),
    ...(loaded?.groups ?? []).flatMap((group, index) => segmentOf(context, group, index)),
  ]
  const swaps = keepModels ? new Map<string, Candidate>() : await chooseSwaps(context, segments, scope)
  for (const segment of segments) segment.target = swaps.get(segment.model)?.entry
  return { segments, trace: (loaded as LoadedTrace<never> | undefined)?.trace, swaps, tooManyToSimulate }
}

function segmentOf(context: QuestionContext, group: PriceGroup<Key>, traceGroup: number | undefined): Segment[] {
  const current = entryOf(context, group.key.entry)
  if (!current) return []
  const { calls, cost, tokens, atMs, inputTokens, key } = group
  const waiting = waitingOf(labelsOf(key))
  return [
    {
      calls,
      cost,
      tokens,
      atMs,
      inputTokens,
      model: key.model,
      current,
      target: undefined,
      inBatch: key.batch === 'true',
      waiting,
      traceGroup,
    },
  ]
}

function alternatives(context: QuestionContext, { provider }: BookModel): BookModel[] {
  return CATALOGUE.flatMap(({ model }) => {
    const lookup = context.book.find(provider, model)
    return lookup.found ? [lookup.model] : []
  })
}

// At the same provider and at most one step smaller: what a plan can ask for before anybody measured quality.
async function chooseSwaps(
  context: QuestionContext,
  segments: readonly Segment[],
  scope: Scope,
): Promise<Map<string, Candidate>> {
  const total = segments.reduce((sum, segment) => sum + segment.cost, 0n)
  const largest = await readLargestCalls(context, scope)
  const swaps = new Map<string, Candidate>()
  for (const model of new Set(segments.map((segment) => segment.model))) {
    const own = segments.filter((segment) => segment.model === model)
    const currentCost = own.reduce((sum, segment) => sum + segment.cost, 0n)
    const from = own[0]?.current
    if (!from || currentCost * LEAST_SHARE < total) continue
    const costOf = (entry: BookModel) => costOfAll(entry, own)
    const candidates = swapCandidates({
      book: context.book,
      from,
      largestCallTokens: largest.get(model) ?? 0,
      costOf,
      currentCost,
    })
    const near = candidates.filter((each) => each.sameProvider && each.steps <= 1)
    const [best] = near.sort((a, b) => Number((costOf(a.entry) ?? 0n) - (costOf(b.entry) ?? 0n)))
    if (best) swaps.set(model, best)
  }
  return swaps
}

function costOfAll(entry: BookModel, segments: readonly Segment[]): bigint | undefined {
  return segments.reduce<bigint | undefined>((sum, segment) => {
    const factor = segment.inBatch ? entry.batch : undefined
    const cost = segment.inBatch && !factor ? undefined : costOn(entry, segment, factor)
    return sum === undefined || cost === undefined ? undefined : sum + cost
  }, 0n)
}

async function readLargestCalls(context: QuestionContext, scope: Scope): Promise<Map<string, number>> {
  const sql = `
    select model, max(input_uncached + cache_read + cache_write_5m + cache_write_1h + output_text + output_reasoning) as tokens
    from {calls} where cost_state = 'priced' group by model`
  const rows = await context.read<{ model: string; tokens: string }>(scope, { sql })
  return new Map(rows.map((row) => [row.model, Number(row.tokens)]))
}
