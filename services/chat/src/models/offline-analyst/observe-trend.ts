import type { Evidence } from '../../evidence/claim-book.ts'
import { answerTo, groupKey, groupLabel, groupName, quote } from './read-evidence.ts'
import { sayDay, sayTime } from './say-time.ts'
import { bucketOf, largestRise, startOf, type TrendBucket } from './trend-rise.ts'

/** The peak of the cost over time against its mean. */
export function observeTrend(evidence: readonly Evidence[]): string[] {
  const trend = answerTo(evidence, 'trend')
  const [peak, share, mean] = [quote(trend, 'peak-cost'), quote(trend, 'peak-share'), quote(trend, 'mean-cost')]
  const busiest = quote(trend, 'busiest-minute-over-mean')
  const bucket = bucketOf(trend)
  const at = peakTime(trend)
  return [
    ...(peak && mean
      ? [
          `The most expensive ${bucket}${at ? `, ${at},` : ''} cost ${peak}${share ? `, ${share} of all` : ''}; the mean is ${mean}.`,
        ]
      : []),
    ...(busiest ? [`The busiest minute has ${busiest} the calls of a mean minute.`] : []),
  ]
}

/** Where the cost rose most, and which groups carry it before and after. */
export function observeRise(evidence: readonly Evidence[]): string[] {
  const trend = answerTo(evidence, 'trend')
  const rise = largestRise(trend)
  const amount = quote(trend, 'largest-rise')
  if (!rise || !amount) return ['Within the time asked about the cost does not rise from one part to the next.']
  const bucket = bucketOf(trend)
  const [before, after] = [breakdownOf(evidence, rise.before.from), breakdownOf(evidence, rise.after.from)]
  const first = `The largest rise is ${amount}, into the ${bucket} that begins ${when(rise.after.from, bucket)}.`
  const rows = (after?.rows ?? []).slice(0, 3)
  return [...levelShift(trend), first, ...rows.flatMap((row) => compareGroup(row, before, after))]
}

/** Where the level changed for good, in the words of analytics. */
function levelShift(trend: Evidence | undefined): string[] {
  const shift = trend?.findings.find(({ code }) => code === 'level-shift')
  return shift ? [`${shift.title}. ${shift.detail}`] : []
}

function compareGroup(
  row: Evidence['rows'][number],
  before: Evidence | undefined,
  after: Evidence | undefined,
): string[] {
  const name = groupName(after, row) === '' ? 'What names none' : groupLabel(after, groupName(after, row))
  const key = groupKey(after, row)
  const [now, calls] = [quote(after, `cost:${key}`), quote(after, `calls:${key}`)]
  const [earlier, earlierCalls] = [quote(before, `cost:${key}`), quote(before, `calls:${key}`)]
  if (!now) return []
  if (!earlier) return [`${name} cost ${now}${calls ? ` over ${calls}` : ''}; it does not appear just before.`]
  return [
    `${name} cost ${now}${calls ? ` over ${calls}` : ''}, after ${earlier}${earlierCalls ? ` over ${earlierCalls}` : ''} just before.`,
  ]
}

function breakdownOf(evidence: readonly Evidence[], from: string): Evidence | undefined {
  return evidence.find(({ question, params }) => {
    const scope = (params['scope'] ?? {}) as { from?: string }
    return question === 'breakdown' && Date.parse(scope.from ?? '') === Date.parse(from)
  })
}

function peakTime(trend: Evidence | undefined): string | undefined {
  const rows = [...(trend?.rows ?? [])].sort((a, b) => Number(b['cost_usd'] ?? 0) - Number(a['cost_usd'] ?? 0))
  const at = rows[0] && startOf(rows[0])
  return at === undefined ? undefined : when(new Date(at).toISOString(), bucketOf(trend))
}

function when(instant: string, bucket: TrendBucket): string {
  const date = new Date(instant)
  return bucket === 'minute' || bucket === 'hour' ? `${sayTime(date)} UTC on ${sayDay(date)}` : sayDay(date)
}
