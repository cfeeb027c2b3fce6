import type { Bucket, Finding, Gap } from '@apex/protocol/question'
import { divideHalfEven, quotientText } from '../exact/decimal.ts'
import { addArrivalFigures } from './arrivals.ts'
import { FigureSet } from './figure-set.ts'
import { commonGaps, SHORT_SPAN, spansAWeek } from './gaps.ts'
import { addShift } from './level-shift.ts'
import type { AnswerQuestion } from './question.ts'
import { coverageOf, readFacts, type ScopeFacts } from './read-coverage.ts'
import { addSums, readSums } from './read-sums.ts'
import { type Point, rowOf, wholeBuckets } from './series.ts'
import { bucketFor, bucketName, bucketStart, bucketStarts } from './time-bucket.ts'

const MOST_BUCKETS = 5_000

/** Cost and calls over time buckets, with the largest rise between neighbouring buckets. */
export const trend: AnswerQuestion<'trend'> = async (context, { scope, bucket: asked }) => {
  const facts = await readFacts(context, scope)
  const { bucket, gaps } = chooseBucket(asked, facts)
  const points = facts.calls === 0 ? [] : await readPoints(context, { scope, bucket, facts })
  const figures = new FigureSet()
  const findings: Finding[] = []
  if (points.length > 0) {
    addSeriesFigures(figures, { points, bucket })
    findings.push(...addRise(figures, { points, bucket }))
    findings.push(...(await addShift(context, { figures, points, bucket, scope })))
    await addArrivalFigures(context, { figures, scope, facts })
  }
  return {
    coverage: coverageOf(facts),
    columns: [
      { key: 'time', label: 'Time (UTC)', unit: '' },
      { key: 'cost_usd', label: 'Cost', unit: 'USD' },
      { key: 'calls', label: 'Calls', unit: 'calls' },
      { key: 'tokens', label: 'Tokens', unit: 'tokens' },
      { key: 'errors', label: 'Failed calls', unit: 'calls' },
    ],
    rows: points.slice(0, 1_000).map(rowOf),
    figures: figures.list(),
    findings,
    gaps: [
      ...commonGaps(facts, context.book.version),
      ...gaps,
      ...(facts.calls > 0 && !spansAWeek(facts) ? [SHORT_SPAN] : []),
    ],
  }
}

function chooseBucket(asked: Bucket | undefined, facts: ScopeFacts): { bucket: Bucket; gaps: Gap[] } {
  const natural = bucketFor(facts.fromUs, facts.toUs)
  if (!asked || facts.calls === 0) return { bucket: asked ?? natural, gaps: [] }
  if (bucketStarts(asked, facts.fromUs, facts.toUs, MOST_BUCKETS + 1).length <= MOST_BUCKETS)
    return { bucket: asked, gaps: [] }
  const gap: Gap = {
    code: 'bucket-too-fine',
    what: `The calls span too long for buckets of a ${asked}.`,
    effect: `The series is by ${natural} instead.`,
    how: 'Ask about a shorter time range.',
  }
  return { bucket: natural, gaps: [gap] }
}

async function readPoints(
  context: Parameters<typeof trend>[0],
  { scope, bucket, facts }: { scope: Parameters<typeof trend>[1]['scope']; bucket: Bucket; facts: ScopeFacts },
): Promise<Point[]> {
  const start = `toUnixTimestamp(${bucketStart(bucket)})`
  const groups = await readSums(context, { scope, by: { start } })
  const byStart = new Map(groups.map((group) => [Number(group.key.start) * 1_000_000, group]))
  return bucketStarts(bucket, facts.fromUs, facts.toUs, MOST_BUCKETS).map((startUs) => ({
    startUs,
    name: bucketName(bucket, startUs),
    sums: byStart.get(startUs) ?? addSums([]),
  }))
}

type Series = { points: readonly Point[]; bucket: Bucket }

function addSeriesFigures(figures: FigureSet, { points, bucket }: Series): void {
  const total = addSums(points.map((point) => point.sums))
  const word = bucket
  const dearest = [...points].sort((a, b) =>
    b.sums.cost > a.sums.cost ? 1 : b.sums.cost < a.sums.cost ? -1 : a.startUs - b.startUs,
  )
  const rows = dearest.map(rowOf)
  figures.count({
    key: 'calls',
    label: 'Calls',
    value: total.calls,
    unit: 'calls',
    formula: `sum of the calls of each ${word}`,
    rows,
  })
  figures.count({
    key: 'buckets',
    label: `Length of the series, by ${word}`,
    value: points.length,
    formula: `number of times a ${word} begins, from the first call to the last`,
    rows,
  })
  if (total.priced === 0) return
  const peak = dearest[0]
  figures
    .usd({ key: 'total-cost', label: 'Total cost', pico: total.cost, formula: `sum of the cost of each ${word}`, rows })
    .usd({
      key: 'mean-cost',
      label: `Mean cost of a ${word}`,
      pico: divideHalfEven(total.cost, BigInt(points.length)),
      formula: `total cost ÷ number of buckets of a ${word}, empty ones included`,
      rows,
    })
    .usd({
      key: 'peak-cost',
      label: `Cost of the most expensive ${word}, ${peak?.name ?? ''}`,
      pico: peak?.sums.cost,
      formula: `largest cost of a ${word}`,
      rows: rows.slice(0, 1),
    })
    .ratio({
      key: 'peak-share',
      label: `Share of the most expensive ${word}`,
      part: peak?.sums.cost ?? 0n,
      whole: total.cost,
      formula: 'peak cost ÷ total cost',
      rows: rows.slice(0, 1),
    })
}

function addRise(figures: FigureSet, { points, bucket }: Series): Finding[] {
  const whole = wholeBuckets(points)
  const steps = whole.slice(1).map((to, index) => ({ from: whole[index], to }))
  const rises = steps.flatMap(({ from, to }) =>
    from && to.sums.cost > from.sums.cost ? [{ from, to, rise: to.sums.cost - from.sums.cost }] : [],
  )
  const largest = rises.reduce<(typeof rises)[number] | undefined>((a, b) => (!a || b.rise > a.rise ? b : a), undefined)
  if (!largest) return []
  const rows = [rowOf(largest.from), rowOf(largest.to)]
  const { from, to } = largest
  const formula = `cost of ${to.name} − cost of ${from.name}; the first and last bucket may be cut and are left out`
  figures.usd({
    key: 'largest-rise',
    label: `Largest rise from one ${bucket} to the next`,
    pico: largest.rise,
    formula,
    rows,
  })
  figures.add({
    key: 'largest-rise-share',
    label: 'Largest rise against what was before',
    value: quotientText(largest.rise, from.sums.cost),
    unit: 'ratio',
    formula: 'largest rise ÷ cost before it',
    rows,
  })
  const keys = ['largest-rise', 'peak-cost', 'mean-cost'].filter((key) => figures.has(key))
  return [
    {
      code: 'largest-rise',
      verdict: 'info',
      title: `The cost rose most on ${to.name}: by {{largest-rise}}`,
      detail: `The most expensive ${bucket} cost {{peak-cost}}, the mean is {{mean-cost}}.`,
      figureKeys: keys,
      apply: [],
    },
  ]
}
