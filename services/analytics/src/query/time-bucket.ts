import type { Bucket } from '@apex/protocol/question'

const MINUTE_US = 60_000_000
const HOUR_US = 60 * MINUTE_US
const DAY_US = 24 * HOUR_US

/** Length of a bucket in microseconds; a month has no fixed one. */
const LENGTH_US: Record<Exclude<Bucket, 'month'>, number> = {
  minute: MINUTE_US,
  hour: HOUR_US,
  day: DAY_US,
  week: 7 * DAY_US,
}

// 1970-01-05 was a Monday.
const WEEK_OFFSET_US = 4 * DAY_US

/** The ClickHouse expression for the start of a call's bucket in UTC; weeks start on Monday. */
export function bucketStart(bucket: Bucket): string {
  const starts: Record<Bucket, string> = {
    minute: "toStartOfMinute(timestamp, 'UTC')",
    hour: "toStartOfHour(timestamp, 'UTC')",
    day: "toStartOfDay(timestamp, 'UTC')",
    week: "toDateTime(toStartOfWeek(timestamp, 1, 'UTC'), 'UTC')",
    month: "toDateTime(toStartOfMonth(timestamp, 'UTC'), 'UTC')",
  }
  return starts[bucket]
}

/** A bucket that gives a span a readable number of points. */
export function bucketFor(fromUs: number, toUs: number): Bucket {
  const span = toUs - fromUs
  if (span <= 3 * HOUR_US) return 'minute'
  if (span <= 4 * DAY_US) return 'hour'
  if (span <= 100 * DAY_US) return 'day'
  return span <= 700 * DAY_US ? 'week' : 'month'
}

/** The starts of all buckets from the one of `fromUs` to the one of `toUs`, in microseconds; empty ones included. */
export function bucketStarts(bucket: Bucket, fromUs: number, toUs: number, most: number): number[] {
  const starts: number[] = []
  for (let at = startOf(bucket, fromUs); at <= toUs && starts.length < most; at = after(bucket, at)) starts.push(at)
  return starts
}

/** How a bucket is named: the day, or the instant for shorter ones, in UTC. */
export function bucketName(bucket: Bucket, startUs: number): string {
  const iso = new Date(startUs / 1_000).toISOString()
  if (bucket === 'minute' || bucket === 'hour') return `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
  return bucket === 'month' ? iso.slice(0, 7) : iso.slice(0, 10)
}

function startOf(bucket: Bucket, us: number): number {
  if (bucket === 'month') {
    const date = new Date(us / 1_000)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) * 1_000
  }
  const offset = bucket === 'week' ? WEEK_OFFSET_US : 0
  return Math.floor((us - offset) / LENGTH_US[bucket]) * LENGTH_US[bucket] + offset
}

function after(bucket: Bucket, startUs: number): number {
  if (bucket !== 'month') return startUs + LENGTH_US[bucket]
  const date = new Date(startUs / 1_000)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) * 1_000
}
