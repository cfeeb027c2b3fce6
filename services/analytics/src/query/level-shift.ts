import type { Bucket, Finding, Scope } from '@apex/protocol/question'
import { divideHalfEven, quotientText } from '../exact/decimal.ts'
import { usdOfPico } from '../exact/money.ts'
import type { FigureSet } from './figure-set.ts'
import type { QuestionContext } from './question.ts'
import { addSums, type CallSums, readSums, sumClasses } from './read-sums.ts'
import { type Point, rowOf, wholeBuckets } from './series.ts'

const LEAST_SIDE = 3
// A change of the level by less than this is not worth a word.
const LEAST_CHANGE = 0.25

type Shift = { before: readonly Point[]; after: readonly Point[]; at: Point }

type Given = { figures: FigureSet; points: readonly Point[]; bucket: Bucket; scope: Scope }

/** Finds where the level of cost changed for good, and what made it change; nothing for short or even series. */
export async function addShift(
  context: QuestionContext,
  { figures, points, bucket, scope }: Given,
): Promise<Finding[]> {
  if (bucket === 'minute') return []
  const shift = findShift(wholeBuckets(points))
  if (!shift) return []
  const means = { before: meanCost(shift.before), after: meanCost(shift.after) }
  addLevels(figures, { shift, bucket, means })
  const driver = await addDriver(context, {
    figures,
    shift,
    bucket,
    scope: scopeOf(shift, { scope, points }),
    rise: means.after - means.before,
  })
  const direction = means.after > means.before ? 'higher' : 'lower'
  return [
    {
      code: 'level-shift',
      verdict: 'info',
      title: `From ${shift.at.name} on the cost of a ${bucket} is ${direction}: {{shift-after}} instead of {{shift-before}}`,
      detail: `The level changed by {{shift-change}}.${driver?.text ?? ''}`,
      figureKeys: ['shift-after', 'shift-before', 'shift-change', ...(driver?.keys ?? [])],
      apply: [],
    },
  ]
}

type Levels = { shift: Shift; bucket: Bucket; means: { before: bigint; after: bigint } }

function addLevels(figures: FigureSet, { shift, bucket, means }: Levels): void {
  const rows = [
    {
      period: `before ${shift.at.name}`,
      buckets: shift.before.length,
      cost_usd: usdOfPico(addSums(shift.before.map((each) => each.sums)).cost),
    },
    {
      period: `from ${shift.at.name} on`,
      buckets: shift.after.length,
      cost_usd: usdOfPico(addSums(shift.after.map((each) => each.sums)).cost),
    },
  ]
  figures
    .usd({
      key: 'shift-before',
      label: `Mean cost of a ${bucket} before ${shift.at.name}`,
      pico: means.before,
      formula: `mean cost of each whole ${bucket} before the change`,
      rows: [...rows.slice(0, 1), ...shift.before.slice(-10).map(rowOf)],
    })
    .usd({
      key: 'shift-after',
      label: `Mean cost of a ${bucket} from ${shift.at.name} on`,
      pico: means.after,
      formula: `mean cost of each whole ${bucket} after the change`,
      rows: [...rows.slice(1), ...shift.after.slice(0, 10).map(rowOf)],
    })
    .add({
      key: 'shift-change',
      label: 'Change of the level',
      value: quotientText(means.after - means.before, means.before),
      unit: 'ratio',
      formula: '(mean after − mean before) ÷ mean before',
      rows,
    })
}

/** The split of a series whose two sides differ most for their length. */
export function findShift(points: readonly Point[]): Shift | undefined {
  let best: { shift: Shift; weight: number } | undefined
  for (let cut = LEAST_SIDE; cut <= points.length - LEAST_SIDE; cut += 1) {
    const [before, after, at] = [points.slice(0, cut), points.slice(cut), points[cut]]
    const low = Number(meanCost(before))
    const change = (Number(meanCost(after)) - low) / low
    if (!at || low === 0 || Math.abs(change) < LEAST_CHANGE) continue
    const weight = Math.abs(change) * low * Math.sqrt((before.length * after.length) / points.length)
    if (!best || weight > best.weight) best = { shift: { before, after, at }, weight }
  }
  return best?.shift
}

type DriverGiven = { figures: FigureSet; shift: Shift; bucket: Bucket; scope: Scope; rise: bigint }
type Side = { before: CallSums; after: CallSums }

// The most specific label that explains the change; a label no call carries explains nothing.
async function addDriver(
  context: QuestionContext,
  given: DriverGiven,
): Promise<{ text: string; keys: string[] } | undefined> {
  for (const dimension of ['feature', 'service', 'model'] as const) {
    const sides = await readSides(context, dimension, given)
    const { shift, rise } = given
    const changes = [...sides].flatMap(([value, side]) =>
      value === '' ? [] : [{ value, side, change: changeOf(side, shift) }],
    )
    const [top] = changes.sort((a, b) => (rise > 0n ? Number(b.change - a.change) : Number(a.change - b.change)))
    if (!top || (rise > 0n ? top.change * 2n < rise : top.change * 2n > rise)) continue
    return describeDriver({ ...given, dimension, ...top })
  }
  return undefined
}

// The whole buckets alone, so that the parts add up to the means.
function scopeOf({ before, after }: Shift, { scope, points }: Pick<Given, 'scope' | 'points'>): Scope {
  const iso = (point: Point | undefined) => point && new Date(point.startUs / 1_000).toISOString()
  const from = iso(before[0])
  const to = iso(points[points.findIndex((point) => point === after.at(-1)) + 1])
  return { ...scope, ...(from && before[0] !== points[0] ? { from } : {}), ...(to ? { to } : {}) }
}

async function readSides(
  context: QuestionContext,
  dimension: 'feature' | 'service' | 'model',
  { shift, scope }: DriverGiven,
): Promise<Map<string, Side>> {
  const late = "timestamp >= fromUnixTimestamp64Micro({shift_at:Int64}, 'UTC')"
  const groups = await readSums(context, {
    scope,
    by: { value: dimension, late },
    params: { shift_at: String(shift.at.startUs) },
  })
  const sides = new Map<string, Side>()
  for (const group of groups) {
    const side = sides.get(group.key.value) ?? { before: addSums([]), after: addSums([]) }
    side[group.key.late === '1' ? 'after' : 'before'] = group
    sides.set(group.key.value, side)
  }
  return sides
}

function describeDriver({
  figures,
  shift,
  bucket,
  dimension,
  value,
  side,
  change,
}: DriverGiven & { dimension: string; value: string; side: Side; change: bigint }): { text: string; keys: string[] } {
  const rows = (['before', 'after'] as const).map((when) => ({
    [dimension]: value,
    period: when,
    buckets: shift[when].length,
    calls: side[when].calls,
    tokens: sumClasses(side[when].tokens).toString(),
    cost_usd: usdOfPico(side[when].cost),
  }))
  figures.usd({
    key: 'shift-driver',
    label: `Change of ${value} in a ${bucket}`,
    pico: change,
    formula: `mean cost of ${value} in a ${bucket} after − before`,
    rows,
  })
  for (const when of ['before', 'after'] as const) {
    const { calls, tokens } = side[when]
    figures
      .ratio({
        key: `shift-driver-calls-${when}`,
        label: `Calls of ${value} in a ${bucket}, ${when}`,
        part: BigInt(calls),
        whole: BigInt(shift[when].length),
        unit: 'calls',
        formula: `calls of ${value} ÷ number of buckets`,
        rows,
      })
      .ratio({
        key: `shift-driver-tokens-${when}`,
        label: `Tokens per call of ${value}, ${when}`,
        part: sumClasses(tokens),
        whole: BigInt(calls),
        unit: 'tokens/call',
        formula: `tokens of ${value} ÷ its calls`,
        rows,
      })
  }
  const keys = [
    'shift-driver',
    'shift-driver-calls-before',
    'shift-driver-calls-after',
    'shift-driver-tokens-before',
    'shift-driver-tokens-after',
  ].filter((key) => figures.has(key))
  const text =
    keys.length < 5
      ? ` Most of it is the ${dimension} ${value}: {{shift-driver}} in a ${bucket}.`
      : ` Most of it is the ${dimension} ${value}: {{shift-driver}} in a ${bucket}. It made {{shift-driver-calls-after}} in a ${bucket} after {{shift-driver-calls-before}} before, with {{shift-driver-tokens-after}} after {{shift-driver-tokens-before}} before.`
  return { text, keys }
}

function changeOf(side: Side, { before, after }: Shift): bigint {
  return divideHalfEven(side.after.cost, BigInt(after.length)) - divideHalfEven(side.before.cost, BigInt(before.length))
}

function meanCost(points: readonly Point[]): bigint {
  return divideHalfEven(addSums(points.map((each) => each.sums)).cost, BigInt(points.length))
}
