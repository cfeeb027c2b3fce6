import type { Answer, Dimension, Finding, Gap } from '@apex/protocol/question'
import { divideHalfEven, quotientText } from '../exact/decimal.ts'
import { usdOfPico } from '../exact/money.ts'
import { FigureSet } from '../query/figure-set.ts'
import { commonGaps } from '../query/gaps.ts'
import { KeySlugs } from '../query/key-slug.ts'
import type { AnswerQuestion, QuestionContext } from '../query/question.ts'
import { coverageOf, readFacts, type ScopeFacts } from '../query/read-coverage.ts'
import { readSums, type SumGroup } from '../query/read-sums.ts'
import { DIMENSION_COLUMNS } from '../store/call-scope.ts'
import { addGoalSaving, type Goal, goalOf, shareToReach } from './goal.ts'
import { entryOf } from './load-prefix-trace.ts'
import { LABEL_COLUMNS, labelsOf, type Waiting, waitingOf } from './waiting.ts'

type Group = { value: string; calls: number; cost: bigint; saving: bigint; waiting: Waiting }

const MOST_GROUPS = 20_000

const TOO_MANY: Gap = {
  code: 'many-groups',
  what: 'There are more groups than are looked at; the most expensive were.',
  effect: 'What a batch would save on the others is not in the figures, so they are lower than they could be.',
  how: 'Ask by service or feature instead.',
}

/** Cost of what could wait for a batch at the provider's batch rate, by the group that could move. */
export const batchEligibility: AnswerQuestion<'batch_eligibility'> = async (
  context,
  { scope, by: asked, goal: share },
) => {
  const facts = await readFacts(context, scope)
  const by = asked ?? naturalDimension(facts)
  const keys = { value: DIMENSION_COLUMNS[by], entry: 'price_entry', batch: 'batch_price', ...LABEL_COLUMNS }
  const [sums, [whole]] = await Promise.all([
    readSums(context, { scope, by: keys, limit: MOST_GROUPS }),
    readSums(context, { scope, by: {} }),
  ])
  const parts = sums.filter((group) => group.priced > 0).map((group) => toGroup(context, group))
  const total = whole?.cost ?? 0n
  const figures = new FigureSet()
  const groups = mergeByValue(parts)
  if (parts.length > 0) addFigures(figures, { parts, groups, total, by, goal: goalOf(share, total), share })
  return {
    coverage: coverageOf(facts),
    columns: [
      { key: by, label: by.replace('_', ' '), unit: '' },
      { key: 'waiting', label: 'Does somebody wait', unit: '' },
      { key: 'calls', label: 'Calls', unit: 'calls' },
      { key: 'cost_usd', label: 'Cost', unit: 'USD' },
      { key: 'saving_usd', label: 'Saving in a batch', unit: 'USD' },
    ],
    rows: groups.slice(0, 100).map((group) => rowOf(group, by)),
    figures: figures.list(),
    findings: figures.has('batch-saving') ? findingsOf(figures, groups) : [],
    gaps: [
      ...commonGaps(facts, context.book.version),
      ...waitingGaps(parts),
      ...(sums.length === MOST_GROUPS ? [TOO_MANY] : []),
    ],
  }
}

function naturalDimension({ given }: ScopeFacts): Dimension {
  if (given.feature > 0) return 'feature'
  return given.service > 0 ? 'service' : 'model'
}

type Key = 'value' | 'entry' | 'batch' | keyof typeof LABEL_COLUMNS

function toGroup(context: QuestionContext, group: SumGroup<Key>): Group {
  const { value, entry, batch } = group.key
  const factor = batch === 'true' ? undefined : entryOf(context, entry)?.batch
  const batched = factor ? divideHalfEven(group.cost * factor.numerator, factor.denominator) : group.cost
  return {
    value,
    calls: group.priced,
    cost: group.cost,
    saving: group.cost - batched,
    waiting: waitingOf(labelsOf(group.key)),
  }
}

function mergeByValue(parts: readonly Group[]): Group[] {
  const merged = new Map<string, Group>()
  for (const part of parts) {
    const known = merged.get(part.value)
    if (!known) {
      merged.set(part.value, { ...part })
      continue
    }
    known.calls += part.calls
    known.cost += part.cost
    known.saving += part.saving
    if (known.waiting !== part.waiting) known.waiting = 'unknown'
  }
  return [...merged.values()].sort((a, b) =>
    b.saving > a.saving ? 1 : b.saving < a.saving ? -1 : a.value < b.value ? -1 : 1,
  )
}

type BatchFigures = {
  parts: Group[]
  groups: Group[]
  total: bigint
  by: Dimension
  goal: Goal | undefined
  share: number | undefined
}

function addFigures(figures: FigureSet, given: BatchFigures): void {
  const { parts, groups, total, by, goal, share } = given
  const rows = groups.map((group) => rowOf(group, by))
  const saving = sum(parts, (part) => part.saving)
  figures
    .usd({ key: 'total-cost', label: 'Total cost', pico: total, formula: 'sum of the cost of all priced calls', rows })
    .usd({
      key: 'batch-saving',
      label: 'Saving if every call went to a batch',
      pico: saving,
      formula:
        'cost − cost at the provider’s batch rate, over calls that are not in a batch and whose provider sells one',
      rows,
    })
    .usd({
      key: 'batch-cost',
      label: 'Cost if every call went to a batch',
      pico: total - saving,
      formula: 'total cost − saving in a batch',
      rows,
    })
    .ratio({
      key: 'batch-share',
      label: 'Saving of the total if every call went to a batch',
      part: saving,
      whole: total,
      formula: 'saving in a batch ÷ total cost',
      rows,
    })
  addWaitingFigures(figures, given, rows)
  addGroupFigures(figures, given, rows)
  addGoalSaving(figures, { goal, share, total })
  figures.add({
    key: 'goal-share',
    label: 'Share of the calls to move to a batch for the goal',
    value: goal && shareToReach(goal, saving),
    unit: 'ratio',
    formula: 'saving to reach the goal ÷ saving if every call went to a batch',
    rows: [{ saving_usd: usdOfPico(saving), total_cost_usd: usdOfPico(total) }],
  })
}

function addWaitingFigures(figures: FigureSet, { parts, groups, total }: BatchFigures, rows: Answer['rows']): void {
  for (const waiting of ['unattended', 'interactive', 'unknown'] as const) {
    const those = parts.filter((part) => part.waiting === waiting)
    const label = {
      unattended: 'nobody seems to wait for',
      interactive: 'somebody seems to wait for',
      unknown: 'that do not say whether somebody waits',
    }[waiting]
    const cost = sum(those, (part) => part.cost)
    figures
      .usd({
        key: `${waiting}-cost`,
        label: `Cost of calls ${label}`,
        pico: cost,
        formula: `sum of the cost of calls judged ${waiting} by their names and conversations`,
        rows: rows.filter((_, index) => groups[index]?.waiting === waiting),
      })
      .usd({
        key: `${waiting}-saving`,
        label: `Saving in a batch of calls ${label}`,
        pico: sum(those, (part) => part.saving),
        formula: `sum of the saving of calls judged ${waiting}`,
        rows: rows.filter((_, index) => groups[index]?.waiting === waiting),
      })
      .ratio({
        key: `${waiting}-share`,
        label: `Share of cost of calls ${label}`,
        part: cost,
        whole: total,
        formula: `cost of calls judged ${waiting} ÷ total cost`,
        rows: [],
      })
  }
}

function addGroupFigures(figures: FigureSet, { groups, by }: BatchFigures, rows: Answer['rows']): void {
  const slugs = new KeySlugs()
  for (const [index, group] of groups.slice(0, 50).entries()) {
    const slug = slugs.of(group.value)
    const name = group.value || `${by} not given`
    figures
      .usd({
        key: `cost:${slug}`,
        label: `Cost: ${name}`,
        pico: group.cost,
        formula: `sum of the cost of calls with this ${by}`,
        rows: rows.slice(index, index + 1),
      })
      .usd({
        key: `saving:${slug}`,
        label: `Saving in a batch: ${name}`,
        pico: group.saving,
        formula: 'cost − cost at the batch rate',
        rows: rows.slice(index, index + 1),
      })
  }
}

function findingsOf(figures: FigureSet, groups: Group[]): Finding[] {
  const unattended = groups.filter((group) => group.waiting === 'unattended' && group.saving > 0n)
  const goal = figures.has('goal-share') ? ' For the goal, {{goal-share}} of the cost would have to wait.' : ''
  const ceiling: Finding = {
    code: 'batch-ceiling',
    verdict: unattended.length > 0 ? 'info' : 'not_enough_evidence',
    title: 'At the batch rate, all calls together would cost {{batch-cost}} instead of {{total-cost}}',
    detail: `That is an upper bound of {{batch-saving}}, {{batch-share}} of the total, if every call could wait up to a day.${goal} Of {{unknown-cost}} it is not known whether somebody waits.`,
    figureKeys: [
      'batch-cost',
      'total-cost',
      'batch-saving',
      'batch-share',
      'unknown-cost',
      ...(goal ? ['goal-share'] : []),
    ],
    risk: 'A batch answers within a day, not within seconds: only calls nobody waits for can move.',
    apply: unattended.length > 0 ? [] : BATCH_STEPS,
  }
  if (unattended.length === 0) return [ceiling]
  const names = unattended.slice(0, 5).map((group) => group.value || 'calls without a name')
  const evident: Finding = {
    code: 'batch-unattended',
    verdict: 'saves',
    title: 'Calls nobody seems to wait for would save {{unattended-saving}} in a batch',
    detail: `They cost {{unattended-cost}}, {{unattended-share}} of the total: ${names.join(', ')}. That nobody waits is judged by their names.`,
    figureKeys: ['unattended-saving', 'unattended-cost', 'unattended-share'],
    risk: 'Judged by names only: ask whoever owns these jobs whether an answer within a day is soon enough.',
    apply: BATCH_STEPS,
    verify:
      'Import the calls after the change, with batch set to true for those that went to a batch: their cost per call should be at the batch rate.',
  }
  return [evident, ceiling]
}

/** How to move calls to a batch, in the SDKs of the providers that sell one. */
export const BATCH_STEPS = [
  'Collect the requests of a job into one file of JSON lines, each with a custom_id of its own.',
  'With the OpenAI SDK, upload it with client.files.create (purpose batch) and start it with client.batches.create and the completion_window it offers; read output_file_id when the status is completed.',
  'With the Anthropic SDK, pass the requests to client.messages.batches.create and read client.messages.batches.results when processing_status is ended.',
  'Match answers to requests by custom_id: they come in any order, and each can fail by itself.',
]

function waitingGaps(parts: readonly Group[]): Gap[] {
  if (!parts.some((part) => part.waiting === 'unknown')) return []
  return [
    {
      code: 'waiting-unknown',
      what: 'Of some calls nothing says whether somebody waits for the answer.',
      effect: 'What a batch would save on them is an upper bound, not an estimate.',
      how: 'Add service, feature or environment to each call with a name that tells (such as nightly-report or support-chat), and conversation where a person is talking.',
    },
  ]
}

function rowOf(group: Group, by: Dimension): Answer['rows'][number] {
  const { value, waiting, calls, cost, saving } = group
  return {
    [by]: value,
    waiting,
    calls,
    cost_usd: usdOfPico(cost),
    saving_usd: usdOfPico(saving),
    saving_share: quotientText(saving, cost) ?? null,
  }
}

function sum(parts: readonly Group[], read: (part: Group) => bigint): bigint {
  return parts.reduce((all, part) => all + read(part), 0n)
}
