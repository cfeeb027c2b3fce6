import { usdOfPico } from '../exact/money.ts'
import { type CallSums, sumClasses } from './read-sums.ts'

/** One bucket of time with what was in it. */
export type Point = { startUs: number; name: string; sums: CallSums }

/** A point as a row of an answer; a bucket whose calls all lack a price has no cost. */
export function rowOf({ name, sums }: Point): Record<string, string | number | null> {
  const known = sums.priced > 0 || sums.calls === 0
  return {
    time: name,
    cost_usd: known ? usdOfPico(sums.cost) : null,
    calls: sums.calls,
    tokens: sumClasses(sums.tokens).toString(),
    errors: sums.errors,
  }
}

/** The buckets that are surely whole: without the first and the last, when there are enough. */
export function wholeBuckets(points: readonly Point[]): readonly Point[] {
  return points.length >= 4 ? points.slice(1, -1) : points
}
