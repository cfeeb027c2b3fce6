import type { ReadableEvidence } from './read-evidence.ts'

type Span = { from: string; to: string }

const STEP_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 }

/** The two neighbouring buckets of a trend between which cost rose most; undefined when it never rose. */
export function largestRise(trend: ReadableEvidence | undefined): { before: Span; after: Span } | undefined {
  const points = (trend?.rows ?? []).flatMap((row) => {
    const at = startOf(row)
    return at === undefined ? [] : [{ at, cost: Number(row['cost'] ?? 0) }]
  })
  points.sort((a, b) => a.at - b.at)
  let best: { index: number; rise: number } | undefined
  for (const [index, point] of points.entries()) {
    const rise = point.cost - (points[index - 1]?.cost ?? point.cost)
    if (rise > (best?.rise ?? 0)) best = { index, rise }
  }
  const before = points[(best?.index ?? 0) - 1]
  const after = points[best?.index ?? -1]
  if (!before || !after) return undefined
  return { before: spanOf(before.at, trend), after: spanOf(after.at, trend) }
}

/** When a row's bucket begins, under whichever name the column has. */
export function startOf(row: Record<string, unknown>): number | undefined {
  for (const key of ['bucket', 'time', 'from', 'start', 'at']) {
    const at = Date.parse(String(row[key] ?? ''))
    if (!Number.isNaN(at)) return at
  }
  return undefined
}

function spanOf(at: number, trend: ReadableEvidence | undefined): Span {
  const bucket = String(trend?.params['bucket'] ?? 'day')
  const start = new Date(at)
  const end =
    bucket === 'month'
      ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1)
      : at + (STEP_MS[bucket] ?? 86_400_000)
  return { from: start.toISOString(), to: new Date(end).toISOString() }
}
