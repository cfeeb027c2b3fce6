import type { TriageResult } from '../../agents/triage.ts'
import type { Evidence } from '../../evidence/claim-book.ts'
import { answerTo, groupKey, groupLabel, groupName, quote, valueOf } from './read-evidence.ts'
import { sayDay, sayTime } from './say-time.ts'
import { aroundFocus, bucketOf, largestRise, startOf, type TrendBucket } from './trend-rise.ts'

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
    ...(peak ? [`Every ${bucket} stands in the rows behind these figures.`] : []),
    ...(busiest ? [`The busiest minute has ${busiest} the calls of a mean minute.`] : []),
  ]
}

/** What the time asked about cost against the time before it, who carries the change, and where cost rose most. */
export function observeRise(evidence: readonly Evidence[], { focus }: TriageResult): string[] {
  const trend = answerTo(evidence, 'trend')
  const rise = largestRise(trend)
  const pair = aroundFocus(focus) ?? rise
  const [before, after] = [breakdownOf(evidence, pair?.before.from), breakdownOf(evidence, pair?.after.from)]
  const compared = focus ? compareTotals(focus, before, after) : []
  const rows = [...(after?.rows ?? [])].sort((a, b) => changeOf(b, before, after) - changeOf(a, before, after))
  const groups = rows.slice(0, 3).flatMap((row) => compareGroup(row, before, after))
  return [...compared, ...observeLargestRise(trend, rise), ...groups, ...levelShift(trend)]
}

function observeLargestRise(trend: Evidence | undefined, rise: ReturnType<typeof largestRise>): string[] {
  const amount = quote(trend, 'largest-rise')
  if (!rise || !amount) return ['Within this time the cost does not rise from one part to the next.']
  const bucket = bucketOf(trend)
  return [`The largest rise is ${amount}, into the ${bucket} that begins ${when(rise.after.from, bucket)}.`]
}

function compareTotals(
  focus: { from: string; to: string },
  before: Evidence | undefined,
  after: Evidence | undefined,
): string[] {
  const [now, calls] = [quote(after, 'total-cost'), quote(after, 'calls')]
  const [earlier, earlierCalls] = [quote(before, 'total-cost'), quote(before, 'calls')]
  const day = sayDay(new Date(focus.from))
  if (!now || !calls) return [`For the time that begins ${day} no cost is known.`]
  if (!earlier || !earlierCalls)
    return [`The time that begins ${day} cost ${now} over ${calls}; nothing is known of the time just before.`]
  const rose = (valueOf(after, 'total-cost') ?? 0) > (valueOf(before, 'total-cost') ?? 0)
  const verdict = rose ? 'It did rise' : 'It did not rise'
  return [
    `${verdict}: the time that begins ${day} cost ${now} over ${calls}, after ${earlier} over ${earlierCalls} just before.`,
  ]
}

/** How much more a group cost than before, for ranking only. */
function changeOf(row: Evidence['rows'][number], before: Evidence | undefined, after: Evidence | undefined): number {
  const key = `cost:${groupKey(after, row)}`
  return (valueOf(after, key) ?? 0) - (valueOf(before, key) ?? 0)
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

function breakdownOf(evidence: readonly Evidence[], from = ''): Evidence | undefined {
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
