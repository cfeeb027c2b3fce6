import { type ReadableEvidence, textOf } from './read-evidence.ts'

type Span = { from: string; to: string }
export type TrendBucket = 'minute' | 'hour' | 'day' | 'week' | 'month'

const LENGTHS: [TrendBucket, number][] = [
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
  ['week', 604_800_000],
]
const FEWEST_TO_LEAVE_OUT_ENDS = 4

/**
 * The two neighbouring buckets of a trend between which cost rose most; undefined when it never rose. The first and the
 * last bucket may be cut and are left out where there are enough, as analytics does.
 */
export function largestRise(trend: ReadableEvidence | undefined): { before: Span; after: Span } | undefined {
  const all = (trend?.rows ?? []).flatMap((row) => {
    const at = startOf(row)
    return at === undefined ? [] : [{ at, cost: Number(row['cost_usd'] ?? 0) }]
  })
  const points = all.length >= FEWEST_TO_LEAVE_OUT_ENDS ? all.slice(1, -1) : all
  let best: { index: number; rise: number } | undefined
  for (const [index, point] of points.entries()) {
    const rise = point.cost - (points[index - 1]?.cost ?? point.cost)
    if (rise > (best?.rise ?? 0)) best = { index, rise }
  }
  const before = points[(best?.index ?? 0) - 1]
  const after = points[best?.index ?? -1]
  if (!before || !after) return undefined
  const bucket = bucketOf(trend)
  return { before: spanOf(before.at, bucket), after: spanOf(after.at, bucket) }
}

/** The time asked about and the same length of time before it. */
export function aroundFocus(focus: Span | null): { before: Span; after: Span } | undefined {
  if (!focus) return undefined
  const [from, to] = [Date.parse(focus.from), Date.parse(focus.to)]
  return { before: { from: new Date(from - (to - from)).toISOString(), to: focus.from }, after: focus }
}

/** When a row's bucket begins: its time is a day, a month or a minute in UTC. */
export function startOf(row: Record<string, unknown>): number | undefined {
  const time = textOf(row['time'])
  const at = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(time) ? `${time.replace(' ', 'T')}:00Z` : time)
  return Number.isNaN(at) ? undefined : at
}

/** The bucket of a trend: as asked, else read from the distance of its rows. */
export function bucketOf(trend: ReadableEvidence | undefined): TrendBucket {
  const asked = trend?.params['bucket']
  if (typeof asked === 'string') return asked as TrendBucket
  const [first, second] = (trend?.rows ?? []).slice(0, 2).map(startOf)
  const distance = first === undefined || second === undefined ? 86_400_000 : second - first
  return LENGTHS.find(([, length]) => length === distance)?.[0] ?? 'month'
}

function spanOf(at: number, bucket: TrendBucket): Span {
  const start = new Date(at)
  const length = LENGTHS.find(([name]) => name === bucket)?.[1]
  const end = length === undefined ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1) : at + length
  return { from: start.toISOString(), to: new Date(end).toISOString() }
}
