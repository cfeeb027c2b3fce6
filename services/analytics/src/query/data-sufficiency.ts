import type { Answer, Finding, Gap } from '@apex/protocol/question'
import { FigureSet } from './figure-set.ts'
import { commonGaps, labelGaps, SHORT_SPAN, spansAWeek } from './gaps.ts'
import type { AnswerQuestion } from './question.ts'
import { coverageOf, readFacts, type ScopeFacts } from './read-coverage.ts'
import { readSums } from './read-sums.ts'
import { addUsageFigures } from './usage-figures.ts'

const FEW_CALLS = 100
// One call in twenty without a cost still leaves totals that mean something.
const MOST_UNPRICED = 1 / 20

const FEW: Gap = {
  code: 'few-calls',
  what: 'There are only a few calls.',
  effect: 'Shares and averages may change much with the next calls.',
  how: 'Import more calls, at best a week of them.',
}

/** Is there enough data, of which kind, and what is missing? */
export const dataSufficiency: AnswerQuestion<'data_sufficiency'> = async (context, { scope }) => {
  const [facts, groups] = await Promise.all([
    readFacts(context, scope),
    readSums(context, { scope, by: { provider: 'provider', model: 'model' } }),
  ])
  const figures = new FigureSet()
  addUsageFigures(figures, groups, facts)
  const sufficiency = judge(facts)
  const few = facts.calls > 0 && facts.calls < FEW_CALLS ? [FEW] : []
  const short = facts.calls > 0 && !spansAWeek(facts) ? [SHORT_SPAN] : []
  return {
    coverage: coverageOf(facts),
    columns: [
      { key: 'what', label: 'What the calls carry', unit: '' },
      { key: 'calls', label: 'Calls that have it', unit: 'calls' },
    ],
    rows: facts.calls === 0 ? [] : rowsOf(facts),
    figures: figures.list(),
    findings: facts.calls === 0 ? [] : [findingOf(sufficiency, figures)],
    gaps: [...commonGaps(facts, context.book.version), ...few, ...short, ...labelGaps(facts)],
    sufficiency,
  }
}

function judge(facts: ScopeFacts): NonNullable<Answer['sufficiency']> {
  if (facts.calls === 0 || facts.calls === facts.unknownUsageCalls) return 'insufficient'
  if (facts.pricedCalls === 0 || facts.calls < FEW_CALLS) return 'partial'
  return facts.unpricedCalls / facts.calls <= MOST_UNPRICED ? 'sufficient' : 'partial'
}

function rowsOf({ given, pricedCalls }: ScopeFacts): Answer['rows'] {
  return [
    { what: 'a known cost', calls: pricedCalls },
    { what: 'the service that made it', calls: given.service },
    { what: 'the feature it serves', calls: given.feature },
    { what: 'the user it is for', calls: given.user },
    { what: 'the conversation it belongs to', calls: given.conversation },
    { what: 'prefix hashes of its prompt', calls: given.prefixHashes },
    { what: 'its latency', calls: given.latency },
  ]
}

function findingOf(sufficiency: NonNullable<Answer['sufficiency']>, figures: FigureSet): Finding {
  const title = {
    sufficient: 'There are enough calls to answer from: {{calls}}',
    partial: 'There are calls to answer from, but something is missing: {{calls}}',
    insufficient: 'The calls do not say how much was used: {{calls}}',
  }[sufficiency]
  const cost = figures.has('total-cost') ? ' Their known cost is {{total-cost}}.' : ''
  return {
    code: `data-${sufficiency}`,
    verdict: 'info',
    title,
    detail: `They span {{span-days}}; the share without a price is {{unpriced-share}}.${cost}`,
    figureKeys: ['calls', 'span-days', 'unpriced-share', ...(cost ? ['total-cost'] : [])],
    apply: [],
  }
}
