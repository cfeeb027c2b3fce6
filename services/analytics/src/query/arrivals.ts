import type { Scope } from '@apex/protocol/question'
import { quotientText } from '../exact/decimal.ts'
import type { FigureSet } from './figure-set.ts'
import type { QuestionContext } from './question.ts'
import type { ScopeFacts } from './read-coverage.ts'

// Arrival times of more calls than this would not fit the memory of one statement.
const MOST_CALLS = 5_000_000
const MINUTE_US = 60_000_000

/** Adds how unevenly calls arrive: the busiest minute against the mean, and how gaps between calls vary. */
export async function addArrivalFigures(
  context: QuestionContext,
  { figures, scope, facts }: { figures: FigureSet; scope: Scope; facts: ScopeFacts },
): Promise<void> {
  if (facts.calls < 2 || facts.calls > MOST_CALLS || facts.toUs === facts.fromUs) return
  const [[busiest], [gaps]] = await Promise.all([
    context.read<{ minute: string; calls: string }>(scope, {
      sql: `
        select toString(intDiv(toUnixTimestamp64Micro(timestamp) - {from_us:Int64}, ${MINUTE_US})) as minute, count() as calls
        from {calls} group by minute order by calls desc, toInt64(minute) limit 1`,
      params: { from_us: String(facts.fromUs) },
    }),
    context.read<{ variation: number }>(scope, {
      sql: `
        with arrayPopFront(arrayDifference(arraySort(groupArray(toUnixTimestamp64Micro(timestamp))))) as gaps
        select arrayReduce('stddevPop', gaps) / arrayAvg(gaps) as variation from {calls}`,
    }),
  ])
  const minutes = Math.floor((facts.toUs - facts.fromUs) / MINUTE_US) + 1
  const calls = BigInt(busiest?.calls ?? 0)
  const start = new Date(facts.fromUs / 1_000 + Number(busiest?.minute ?? 0) * 60_000).toISOString()
  const rows = [{ busiest_minute_from: start, calls: Number(calls), minutes, all_calls: facts.calls }]
  figures
    .count({
      key: 'busiest-minute',
      label: 'Calls in the busiest minute',
      value: calls,
      unit: 'calls',
      formula: 'most calls in a minute, minutes counted from the first call',
      rows,
    })
    .add({
      key: 'busiest-minute-over-mean',
      label: 'Busiest minute against the mean',
      value: quotientText(calls * BigInt(minutes), BigInt(facts.calls)),
      unit: 'multiple',
      formula: 'calls in the busiest minute × number of minutes ÷ calls, minutes counted from the first call',
      rows,
    })
    .add({
      key: 'interarrival-variation',
      label: 'Variation of the time between calls',
      value: gaps && Number.isFinite(gaps.variation) ? gaps.variation.toFixed(6) : undefined,
      unit: 'multiple',
      formula: 'standard deviation ÷ mean of the time between neighbouring calls',
      rows: [{ all_calls: facts.calls }],
    })
}
