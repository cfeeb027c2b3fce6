import type { Scope } from '@apex/protocol/question'
import { TOKEN_CLASSES, type TokenClass } from '@apex/protocol/token-class'
import type { BookModel } from '../price-book/book-model.ts'
import type { QuestionContext } from '../query/question.ts'
import { type PrefixTrace, PrefixTraceBuilder } from './prefix-trace.ts'
import { boundariesOf, INPUT_SQL, type PriceBoundaries, type PriceGroup } from './price-groups.ts'

/** Calls beyond this would take longer than a person waits; the latest are taken. */
export const MOST_SIMULATED = 200_000

export type TraceKey = 'entry' | 'batch'

/** Calls with prefix hashes, in order, and the groups of like price they belong to. */
export type LoadedTrace<Key extends string> = {
  trace: PrefixTrace
  groups: (PriceGroup<Key | TraceKey> & { inputCost: bigint })[]
}

type Row = Record<string, string> & { prefix_hashes: string[] }

/** Loads the priced calls that have prefix hashes, grouped by everything a price of the models can depend on. */
export async function loadPrefixTrace<Key extends string>(
  context: QuestionContext,
  { scope, by, models }: { scope: Scope; by: Record<Key, string>; models: readonly BookModel[] },
): Promise<LoadedTrace<Key>> {
  const expressions = { ...by, entry: 'price_entry', batch: 'batch_price' } as Record<Key | TraceKey, string>
  const names = Object.keys(expressions) as (Key | TraceKey)[]
  const columns = [
    ...names.map((name, index) => `toString(${expressions[name]}) as key_${index}`),
    'model',
    'toUnixTimestamp64Micro(timestamp) as time_us',
    `${INPUT_SQL} as input_tokens`,
    'cost',
    'cost_input_uncached + cost_cache_read + cost_cache_write_5m + cost_cache_write_1h as input_cost',
    ...TOKEN_CLASSES,
    'prefix_block_tokens',
    'prefix_hashes',
  ]
  const sql = `
    select ${columns.join(', ')} from {calls}
    where notEmpty(prefix_hashes) and prefix_block_tokens > 0 and cost_state = 'priced'
    order by timestamp desc, batch desc, row desc limit ${MOST_SIMULATED}`
  const rows = await context.read<Row>(scope, { sql })
  const grouper = new Grouper(names, boundariesOf(models))
  const builder = new PrefixTraceBuilder()
  for (const row of rows.reverse()) {
    const group = grouper.groupOf(row)
    const { model = '', prefix_hashes: hashes } = row
    builder.add({
      timeUs: Number(row.time_us),
      inputTokens: Number(row.input_tokens),
      blockTokens: Number(row.prefix_block_tokens),
      group,
      model,
      hashes,
    })
  }
  return { trace: builder.build(), groups: grouper.groups }
}

class Grouper {
  readonly groups: LoadedTrace<string>['groups'] = []
  readonly #names: readonly string[]
  readonly #boundaries: PriceBoundaries
  readonly #datesMs: number[]
  readonly #indexes = new Map<string, number>()

  constructor(names: readonly string[], boundaries: PriceBoundaries) {
    this.#names = names
    this.#boundaries = boundaries
    this.#datesMs = boundaries.datesUs.map((us) => us / 1_000)
  }

  groupOf(row: Row): number {
    const atMs = Math.floor(Number(row.time_us) / 1_000)
    const inputTokens = Number(row.input_tokens)
    const labels = this.#names.map((_, index) => row[`key_${index}`] ?? '')
    const name = [...labels, ...this.#steps(atMs, inputTokens)].join('\u0000')
    const index = this.#indexes.get(name) ?? this.#start(name, { labels, atMs, inputTokens })
    this.#add(index, row, inputTokens)
    return index
  }

  #steps(atMs: number, inputTokens: number): number[] {
    const second = Math.floor((atMs % 86_400_000) / 1_000)
    return [
      this.#boundaries.tiers.filter((above) => inputTokens > above).length,
      this.#datesMs.filter((from) => atMs >= from).length,
      this.#boundaries.seconds.filter((start) => second >= start).length,
    ]
  }

  #start(name: string, { labels, atMs, inputTokens }: { labels: string[]; atMs: number; inputTokens: number }): number {
    const key = Object.fromEntries(this.#names.map((each, index) => [each, labels[index] ?? '']))
    const tokens = Object.fromEntries(TOKEN_CLASSES.map((each) => [each, 0n])) as Record<TokenClass, bigint>
    this.groups.push({
      key,
      calls: 0,
      cost: 0n,
      inputCost: 0n,
      tokens,
      atMs,
      inputTokens,
    })
    this.#indexes.set(name, this.groups.length - 1)
    return this.groups.length - 1
  }

  #add(index: number, row: Row, inputTokens: number): void {
    const group = this.groups[index]
    if (!group) return
    group.calls += 1
    group.cost += BigInt(row.cost ?? 0)
    group.inputCost += BigInt(row.input_cost ?? 0)
    group.inputTokens = Math.max(group.inputTokens, inputTokens)
    for (const each of TOKEN_CLASSES) group.tokens[each] += BigInt(row[each] ?? 0)
  }
}

/** The price book's entry a group's key names. */
export function entryOf(context: QuestionContext, name: string): BookModel | undefined {
  const slash = name.indexOf('/')
  return context.book.entry(name.slice(0, slash), name.slice(slash + 1))
}

/** The entries of the price book that calls with prefix hashes were priced by. */
export async function readEntries(context: QuestionContext, scope: Scope): Promise<BookModel[]> {
  const rows = await context.read<{ price_entry: string }>(scope, {
    sql: "select distinct price_entry from {calls} where cost_state = 'priced' order by price_entry",
  })
  return rows.flatMap((row) => entryOf(context, row.price_entry) ?? [])
}
