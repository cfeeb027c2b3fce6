import type { Finding } from '@apex/protocol/question'
import { usdOfPico } from '../exact/money.ts'
import { FigureSet } from './figure-set.ts'
import { commonGaps, labelGaps, SHORT_SPAN, spansAWeek } from './gaps.ts'
import type { AnswerQuestion } from './question.ts'
import { coverageOf, readFacts } from './read-coverage.ts'
import { readSums, sumClasses } from './read-sums.ts'
import { addUsageFigures } from './usage-figures.ts'

/** Totals: cost, calls, tokens by class, cost by class, range, coverage. */
export const overview: AnswerQuestion<'overview'> = async (context, { scope }) => {
  const [facts, groups, medians] = await Promise.all([
    readFacts(context, scope),
    readSums(context, { scope, by: { provider: 'provider', model: 'model' } }),
    readMedians(context, scope),
  ])
  const figures = new FigureSet()
  addUsageFigures(figures, groups, facts)
  if (facts.calls > facts.unknownUsageCalls) {
    figures
      .add({
        key: 'input-tokens-median',
        label: 'Median input tokens of a call',
        value: medians.input,
        unit: 'tokens',
        formula: 'middle of the input tokens of calls with known usage',
      })
      .add({
        key: 'output-tokens-median',
        label: 'Median output tokens of a call',
        value: medians.output,
        unit: 'tokens',
        formula: 'middle of the output tokens of calls with known usage',
      })
  }
  const short = facts.calls > 0 && !spansAWeek(facts) ? [SHORT_SPAN] : []
  return {
    coverage: coverageOf(facts),
    columns: [
      { key: 'provider', label: 'Provider', unit: '' },
      { key: 'model', label: 'Model', unit: '' },
      { key: 'calls', label: 'Calls', unit: 'calls' },
      { key: 'cost_usd', label: 'Cost', unit: 'USD' },
      { key: 'tokens', label: 'Tokens', unit: 'tokens' },
    ],
    rows: groups.slice(0, 50).map((group) => ({
      ...group.key,
      calls: group.calls,
      cost_usd: group.priced > 0 ? usdOfPico(group.cost) : null,
      tokens: sumClasses(group.tokens).toString(),
    })),
    figures: figures.list(),
    findings: findingsOf(figures, facts.calls),
    gaps: [...commonGaps(facts, context.book.version), ...short, ...labelGaps(facts)],
  }
}

async function readMedians(context: Parameters<typeof overview>[0], scope: Parameters<typeof overview>[1]['scope']) {
  const sql = `
    select toString(quantileExactInclusive(0.5)(input_uncached + cache_read + cache_write_5m + cache_write_1h)) as input,
      toString(quantileExactInclusive(0.5)(output_text + output_reasoning)) as output
    from {calls} where usage_state != 'unknown'`
  const [row] = await context.read<{ input: string; output: string }>(scope, { sql })
  return { input: row?.input ?? '0', output: row?.output ?? '0' }
}

function findingsOf(figures: FigureSet, calls: number): Finding[] {
  if (calls === 0) return []
  const findings: Finding[] = []
  if (figures.has('total-cost')) {
    findings.push({
      code: 'total',
      verdict: 'info',
      title: 'The calls cost {{total-cost}} in all',
      detail:
        'That is over {{priced-calls}}, at {{cost-per-call}}. Input is {{input-cost-share}} of the cost, output is {{output-cost-share}}.',
      figureKeys: ['total-cost', 'priced-calls', 'cost-per-call', 'input-cost-share', 'output-cost-share'],
      apply: [],
    })
  }
  if (figures.get('errors')?.value !== '0') {
    findings.push({
      code: 'errors',
      verdict: 'info',
      title: '{{error-share}} of the calls failed',
      detail: 'Failed calls are {{errors}}. Some were paid for, and most are asked again.',
      figureKeys: ['error-share', 'errors'],
      apply: [],
    })
  }
  if (figures.get('unpriced-calls')?.value !== '0') {
    findings.push({
      code: 'unpriced',
      verdict: 'info',
      title: '{{unpriced-share}} of the calls have no price',
      detail: 'The cost of {{unpriced-calls}} is unknown and in no total.',
      figureKeys: ['unpriced-share', 'unpriced-calls'],
      apply: [],
    })
  }
  return findings
}
