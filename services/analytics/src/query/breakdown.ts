import type { Answer, Dimension, Finding } from '@apex/protocol/question'
import { quotientText } from '../exact/decimal.ts'
import { usdOfPico } from '../exact/money.ts'
import { DIMENSION_COLUMNS } from '../store/call-scope.ts'
import { FigureSet } from './figure-set.ts'
import { commonGaps } from './gaps.ts'
import { KeySlugs } from './key-slug.ts'
import type { AnswerQuestion } from './question.ts'
import { coverageOf, readFacts } from './read-coverage.ts'
import { addSums, type CallSums, readSums, subtractSums, sumClasses } from './read-sums.ts'
import { perCall } from './usage-figures.ts'

type Part = { value: string; shown: string; sums: CallSums; rest: boolean }

/** Cost, calls and tokens by one dimension, largest first, the rest as "other". */
export const breakdown: AnswerQuestion<'breakdown'> = async (context, { scope, by, limit }) => {
  const [facts, groups, [whole]] = await Promise.all([
    readFacts(context, scope),
    readSums(context, { scope, by: { value: DIMENSION_COLUMNS[by] }, limit }),
    readSums(context, { scope, by: {} }),
  ])
  const parts: Part[] = groups.map((group) => ({
    value: group.key.value,
    shown: shownValue(by, group.key.value),
    sums: group,
    rest: false,
  }))
  const other = subtractSums(whole ?? addSums([]), addSums(groups))
  if (other.calls > 0) parts.push({ value: 'other', shown: 'all others', sums: other, rest: true })
  const total = addSums(parts.map((part) => part.sums))
  const figures = new FigureSet()
  if (facts.calls > 0) addFigures(figures, { parts, total, by })
  return {
    coverage: coverageOf(facts),
    columns: [
      { key: by, label: labelOf(by), unit: '' },
      { key: 'cost_usd', label: 'Cost', unit: 'USD' },
      { key: 'share', label: 'Share of cost', unit: 'ratio' },
      { key: 'calls', label: 'Calls', unit: 'calls' },
      { key: 'tokens', label: 'Tokens', unit: 'tokens' },
      { key: 'errors', label: 'Failed calls', unit: 'calls' },
    ],
    rows: parts.map((part) => rowOf(part, by, total)),
    figures: figures.list(),
    findings: findingsOf(figures, parts, by),
    gaps: [...commonGaps(facts, context.book.version), ...notGiven(parts, by)],
  }
}

function shownValue(by: Dimension, value: string): string {
  return value === '' ? `${labelOf(by).toLowerCase()} not given` : value
}

function rowOf({ value, shown, sums, rest }: Part, by: Dimension, total: CallSums) {
  return {
    [by]: rest ? shown : value,
    cost_usd: sums.priced > 0 ? usdOfPico(sums.cost) : null,
    share: sums.priced > 0 ? (quotientText(sums.cost, total.cost) ?? null) : null,
    calls: sums.calls,
    unpriced_calls: sums.calls - sums.priced,
    tokens: sumClasses(sums.tokens).toString(),
    errors: sums.errors,
    ...(rest ? { rest: true } : {}),
  }
}

function addFigures(figures: FigureSet, { parts, total, by }: { parts: Part[]; total: CallSums; by: Dimension }): void {
  const slugs = new KeySlugs()
  const rows = parts.map((part) => rowOf(part, by, total))
  figures.count({
    key: 'calls',
    label: 'Calls',
    value: total.calls,
    unit: 'calls',
    formula: `sum of the calls of all values of ${by}`,
    rows,
  })
  if (total.priced > 0) {
    figures.usd({
      key: 'total-cost',
      label: 'Total cost',
      pico: total.cost,
      formula: `sum of the cost of all values of ${by}`,
      rows,
    })
  }
  for (const [index, part] of parts.entries()) {
    addPartFigures(figures, part, {
      slug: slugs.of(part.rest ? 'other' : part.value),
      row: rows[index] ?? {},
      total,
      by,
    })
  }
  const [top] = parts
  if (!top || top.rest || total.cost === 0n) return
  figures.ratio({
    key: 'top-share',
    label: `Share of cost: ${top.shown}`,
    part: top.sums.cost,
    whole: total.cost,
    formula: 'cost of the most expensive ÷ total cost',
    rows: rows.slice(0, 1),
  })
}

type PartGiven = { slug: string; row: Answer['rows'][number]; total: CallSums; by: Dimension }

function addPartFigures(figures: FigureSet, { shown, sums }: Part, { slug, row, total, by }: PartGiven): void {
  const own = [row]
  const counted = BigInt(sums.calls - sums.unknownUsage)
  figures
    .count({
      key: `calls:${slug}`,
      label: `Calls: ${shown}`,
      value: sums.calls,
      unit: 'calls',
      formula: `calls with this ${by}`,
      rows: own,
    })
    .ratio({
      key: `tokens-per-call:${slug}`,
      label: `Tokens per call: ${shown}`,
      part: sumClasses(sums.tokens),
      whole: counted,
      unit: 'tokens/call',
      formula: 'tokens ÷ calls with known usage',
      rows: own,
    })
  if (sums.priced === 0) return
  figures
    .usd({
      key: `cost:${slug}`,
      label: `Cost: ${shown}`,
      pico: sums.cost,
      formula: `sum of the cost of calls with this ${by}`,
      rows: own,
    })
    .ratio({
      key: `share:${slug}`,
      label: `Share of cost: ${shown}`,
      part: sums.cost,
      whole: total.cost,
      formula: 'cost ÷ total cost',
      rows: own,
    })
    .add({
      key: `cost-per-call:${slug}`,
      label: `Cost per call: ${shown}`,
      value: perCall(sums.cost, sums.priced),
      unit: 'USD/call',
      formula: 'cost ÷ priced calls',
      rows: own,
    })
}

function findingsOf(figures: FigureSet, parts: Part[], by: Dimension): Finding[] {
  const [top] = parts
  if (!top || !figures.has('top-share')) return []
  return [
    {
      code: 'largest-part',
      verdict: 'info',
      title: `Most of the cost by ${labelOf(by).toLowerCase()} is ${top.shown}: {{top-share}}`,
      detail: `Of {{total-cost}} in all, this ${labelOf(by).toLowerCase()} is the most expensive.`,
      figureKeys: ['top-share', 'total-cost'],
      apply: [],
    },
  ]
}

function notGiven(parts: Part[], by: Dimension) {
  if (parts.length !== 1 || parts[0]?.value !== '' || parts[0].rest) return []
  return [
    {
      code: `no-${by.replace('_', '-')}`,
      what: `No call says its ${labelOf(by).toLowerCase()}.`,
      effect: `The cost cannot be split by ${labelOf(by).toLowerCase()}.`,
      how: `Add the field ${by} to each call, or map a column of the file to it.`,
    },
  ]
}

function labelOf(by: Dimension): string {
  const words = by.replace('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
