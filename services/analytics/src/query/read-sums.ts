import type { Scope } from '@apex/protocol/question'
import { TOKEN_CLASSES, type TokenClass } from '@apex/protocol/token-class'
import type { QuestionContext } from './question.ts'

/** Sums over a group of calls: tokens by class over those with known usage, costs in pico-dollars over the priced ones. */
export type CallSums = {
  calls: number
  priced: number
  errors: number
  unknownUsage: number
  tokens: Record<TokenClass, bigint>
  costs: Record<TokenClass, bigint>
  cost: bigint
}

/** A group's key by column name, with its sums. */
export type SumGroup<Key extends string> = CallSums & { key: Record<Key, string> }

export type ReadSumsOptions<Key extends string> = {
  scope: Scope
  /** Names and ClickHouse expressions to group by; the expressions are ours, never a caller's text. */
  by: Record<Key, string>
  /** Largest cost first, at most so many groups. */
  limit?: number
  params?: Record<string, unknown>
}

const SUMS = [
  'count() as calls',
  "countIf(cost_state = 'priced') as priced",
  "countIf(status = 'error') as errors",
  "countIf(usage_state = 'unknown') as unknown_usage",
  'toString(sum(toInt128(cost))) as sum_cost',
  ...TOKEN_CLASSES.flatMap((each) => [
    // Of a call with unknown usage some counts may be there; they would make every mean look smaller.
    `toString(sumIf(toInt128(${each}), usage_state != 'unknown')) as sum_${each}`,
    `toString(sum(toInt128(cost_${each}))) as sum_cost_${each}`,
  ]),
].join(',\n    ')

/** Sums the calls of a scope by group, the most expensive first and equals by key. */
export async function readSums<Key extends string>(
  context: QuestionContext,
  options: ReadSumsOptions<Key>,
): Promise<SumGroup<Key>[]> {
  const names = Object.keys(options.by) as Key[]
  const keys = names.map((name) => `toString(${options.by[name]}) as key_${name}`)
  const columns = names.map((name) => `key_${name}`)
  const group = names.length > 0 ? `group by ${columns.join(', ')}` : ''
  const order = `order by sum(toInt128(cost)) desc, calls desc${columns.map((column) => `, ${column}`).join('')}`
  const limit = options.limit === undefined ? '' : `limit ${options.limit}`
  const sql = `select ${[...keys, SUMS].join(',\n    ')} from {calls} ${group} ${order} ${limit}`
  const rows = await context.read<Record<string, string>>(options.scope, { sql, params: options.params ?? {} })
  return rows.map((row) => ({
    ...sumsOf(row),
    key: Object.fromEntries(names.map((name) => [name, row[`key_${name}`] ?? ''])) as Record<Key, string>,
  }))
}

/** The sums of several groups together. */
export function addSums(groups: readonly CallSums[]): CallSums {
  const total = emptySums()
  for (const group of groups) {
    total.calls += group.calls
    total.priced += group.priced
    total.errors += group.errors
    total.unknownUsage += group.unknownUsage
    total.cost += group.cost
    for (const each of TOKEN_CLASSES) {
      total.tokens[each] += group.tokens[each]
      total.costs[each] += group.costs[each]
    }
  }
  return total
}

/** One group without the calls of others that are inside it. */
export function subtractSums(whole: CallSums, parts: CallSums): CallSums {
  const rest = addSums([whole])
  rest.calls -= parts.calls
  rest.priced -= parts.priced
  rest.errors -= parts.errors
  rest.unknownUsage -= parts.unknownUsage
  rest.cost -= parts.cost
  for (const each of TOKEN_CLASSES) {
    rest.tokens[each] -= parts.tokens[each]
    rest.costs[each] -= parts.costs[each]
  }
  return rest
}

/** All tokens of the given classes, by default of all. */
export function sumClasses(counts: Record<TokenClass, bigint>, classes: readonly TokenClass[] = TOKEN_CLASSES): bigint {
  return classes.reduce((sum, each) => sum + counts[each], 0n)
}

function emptySums(): CallSums {
  const zero = () => Object.fromEntries(TOKEN_CLASSES.map((each) => [each, 0n])) as Record<TokenClass, bigint>
  return { calls: 0, priced: 0, errors: 0, unknownUsage: 0, tokens: zero(), costs: zero(), cost: 0n }
}

function sumsOf(row: Record<string, string>): CallSums {
  const sums = emptySums()
  sums.calls = Number(row.calls)
  sums.priced = Number(row.priced)
  sums.errors = Number(row.errors)
  sums.unknownUsage = Number(row.unknown_usage)
  sums.cost = BigInt(row['sum_cost'] ?? 0)
  for (const each of TOKEN_CLASSES) {
    sums.tokens[each] = BigInt(row[`sum_${each}`] ?? 0)
    sums.costs[each] = BigInt(row[`sum_cost_${each}`] ?? 0)
  }
  return sums
}
