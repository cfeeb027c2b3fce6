import type { Bucket, Measure } from '@apex/protocol/question'
import { usdOfPico } from '../exact/money.ts'
import { DIMENSION_COLUMNS } from '../store/call-scope.ts'
import { FigureSet } from './figure-set.ts'
import { commonGaps } from './gaps.ts'
import type { AnswerQuestion } from './question.ts'
import { coverageOf, readFacts } from './read-coverage.ts'
import { bucketStart } from './time-bucket.ts'

type MeasureColumn = { sql: string; label: string; unit: string; pico?: true; nullable?: true }

const KNOWN = "usage_state != 'unknown'"
const INPUT = 'toInt128(input_uncached) + cache_read + cache_write_5m + cache_write_1h'
const OUTPUT = 'toInt128(output_text) + output_reasoning'

const MEASURES: Record<Measure, MeasureColumn> = {
  calls: { sql: 'count()', label: 'Calls', unit: 'calls' },
  // Without a priced call the cost is unknown, not zero.
  cost: {
    sql: "if(countIf(cost_state = 'priced') = 0, null, sum(toInt128(cost)))",
    label: 'Cost',
    unit: 'USD',
    pico: true,
  },
  tokens: { sql: `sumIf(${INPUT} + ${OUTPUT}, ${KNOWN})`, label: 'Tokens', unit: 'tokens' },
  input_tokens: { sql: `sumIf(${INPUT}, ${KNOWN})`, label: 'Input tokens', unit: 'tokens' },
  output_tokens: { sql: `sumIf(${OUTPUT}, ${KNOWN})`, label: 'Output tokens', unit: 'tokens' },
  input_uncached: { sql: `sumIf(toInt128(input_uncached), ${KNOWN})`, label: 'Uncached input', unit: 'tokens' },
  cache_read: { sql: `sumIf(toInt128(cache_read), ${KNOWN})`, label: 'Cache reads', unit: 'tokens' },
  cache_write_5m: { sql: `sumIf(toInt128(cache_write_5m), ${KNOWN})`, label: 'Cache writes', unit: 'tokens' },
  cache_write_1h: {
    sql: `sumIf(toInt128(cache_write_1h), ${KNOWN})`,
    label: 'Cache writes, one-hour lifetime',
    unit: 'tokens',
  },
  output_text: { sql: `sumIf(toInt128(output_text), ${KNOWN})`, label: 'Output without reasoning', unit: 'tokens' },
  output_reasoning: { sql: `sumIf(toInt128(output_reasoning), ${KNOWN})`, label: 'Reasoning output', unit: 'tokens' },
  errors: { sql: "countIf(status = 'error')", label: 'Failed calls', unit: 'calls' },
  unpriced_calls: { sql: "countIf(cost_state = 'unpriced')", label: 'Unpriced calls', unit: 'calls' },
  unknown_usage_calls: { sql: "countIf(usage_state = 'unknown')", label: 'Calls without usage', unit: 'calls' },
  latency_p50: {
    sql: 'quantileExactInclusiveOrNull(0.5)(latency_ms) / 1000',
    label: 'Median latency',
    unit: 'seconds',
    nullable: true,
  },
  latency_p95: {
    sql: 'quantileExactInclusiveOrNull(0.95)(latency_ms) / 1000',
    label: 'Latency, 95th percentile',
    unit: 'seconds',
    nullable: true,
  },
}

/** Free table: measures by dimensions and time bucket, ordered by the first measure, largest first. */
export const usage: AnswerQuestion<'usage'> = async (context, { scope, measures, groupBy, bucket, limit }) => {
  const dimensions = [...new Set(groupBy)]
  const keys = [
    ...(bucket ? [{ key: 'time', label: 'Time (UTC)', sql: bucketText(bucket) }] : []),
    ...dimensions.map((each) => ({ key: each as string, label: each.replace('_', ' '), sql: DIMENSION_COLUMNS[each] })),
  ]
  const chosen = [...new Set(measures)]
  const [facts, rows] = await Promise.all([
    readFacts(context, scope),
    context.read<Record<string, string | null>>(scope, { sql: statement(keys, chosen, { bucket, limit }) }),
  ])
  return {
    coverage: coverageOf(facts),
    columns: [
      ...keys.map(({ key, label }) => ({ key, label, unit: '' })),
      ...chosen.map((each) => ({ key: each as string, label: MEASURES[each].label, unit: MEASURES[each].unit })),
    ],
    rows:
      facts.calls === 0
        ? []
        : rows.map((row) =>
            rowOf(
              row,
              keys.map((each) => each.key),
              chosen,
            ),
          ),
    figures: new FigureSet().list(),
    findings: [],
    gaps: commonGaps(facts, context.book.version),
  }
}

function statement(
  keys: { sql: string }[],
  measures: readonly Measure[],
  { bucket, limit }: { bucket: Bucket | undefined; limit: number },
): string {
  const keyColumns = keys.map((key, index) => `toString(${key.sql}) as k${index}`)
  const measureColumns = measures.map((each, index) => `${MEASURES[each].sql} as m${index}`)
  const group = keys.length > 0 ? `group by ${keys.map((_, index) => `k${index}`).join(', ')}` : ''
  const order = [...(bucket ? ['k0'] : []), 'm0 desc', ...keys.map((_, index) => `k${index}`)]
  const outer = [
    ...keys.map((_, index) => `k${index}`),
    ...measures.map((_, index) => `toString(m${index}) as m${index}`),
  ]
  const inner = `select ${[...keyColumns, ...measureColumns].join(', ')} from {calls} ${group} order by ${order.join(', ')} limit ${limit}`
  return `select ${outer.join(', ')} from (${inner})`
}

function rowOf(row: Record<string, string | null>, keys: readonly string[], measures: readonly Measure[]) {
  const dimensions = keys.map((key, index) => [key, row[`k${index}`] ?? ''] as const)
  const values = measures.map((each, index) => {
    const text = row[`m${index}`] ?? null
    return [each, text !== null && MEASURES[each].pico ? usdOfPico(BigInt(text)) : text] as const
  })
  return Object.fromEntries<string | null>([...dimensions, ...values])
}

function bucketText(bucket: Bucket): string {
  return `formatDateTime(${bucketStart(bucket)}, '%Y-%m-%dT%H:%i:%SZ', 'UTC')`
}
