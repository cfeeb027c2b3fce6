import { Answer, type Finding, type Gap, QUESTIONS, type Question } from '@apex/protocol/question'
import type { Unit } from '@apex/protocol/unit'
import type { z } from 'zod'

type FigureInput = [value: string, unit: Unit, places: number]
export type AnswerInput = {
  figures?: Record<string, FigureInput>
  rows?: Record<string, string | number>[]
  findings?: (Partial<Finding> & Pick<Finding, 'verdict' | 'title' | 'detail'>)[]
  gaps?: Gap[]
  sufficiency?: Answer['sufficiency']
  calls?: number
  sample?: boolean
}

export const SPAN = { from: '2023-11-16T18:15:46.680Z', to: '2023-11-16T19:14:08.402Z' }
export const VERSION = { watermark: 1, priceVersion: 'genai-prices@0.1.8' }

/** An answer of analytics made by the protocol's own schemas, so that it can never have a shape analytics cannot send. */
export function answerOf(asked: Question, input: AnswerInput): Answer {
  const { calls = 19_366, sample = false } = input
  const rows = input.rows ?? []
  const raw: z.input<typeof Answer> = {
    question: asked.question,
    params: QUESTIONS[asked.question].parse(asked.params),
    dataVersion: VERSION,
    coverage: {
      calls,
      pricedCalls: calls,
      unpricedCalls: 0,
      estimatedUsageCalls: 0,
      unknownUsageCalls: 0,
      from: calls > 0 ? SPAN.from : null,
      to: calls > 0 ? SPAN.to : null,
      unpricedModels: [],
      containsSampleData: sample,
    },
    columns: Object.keys(rows[0] ?? {}).map((key) => ({ key, label: key, unit: 'count' })),
    rows,
    figures: Object.entries(input.figures ?? {}).map(([key, [value, unit, places]]) => ({
      key,
      label: key,
      value,
      unit,
      rounding: { places },
      formula: 'sum',
      rows: rows.slice(0, 100),
      rowCount: calls,
    })),
    findings: (input.findings ?? []).map((finding) => ({ code: finding.title, figureKeys: [], ...finding })),
    gaps: input.gaps ?? [],
    ...(input.sufficiency && { sufficiency: input.sufficiency }),
    elapsedMs: 3,
  }
  return Answer.parse(raw)
}

export const NO_SERVICE: Gap = {
  code: 'no-labels',
  what: 'The calls name no service.',
  effect: 'Cost cannot be split by service.',
  how: 'Add a `service` column to the file, or pass `--service` when you import.',
}
const SHORT_SPAN: Gap = {
  code: 'short-span',
  what: 'The data spans about an hour.',
  effect: 'No monthly cost can be extrapolated from it.',
  how: 'Import at least a week of calls.',
}

const swapFinding = {
  code: 'swap-gpt-4o-mini',
  verdict: 'saves' as const,
  title: 'Move calls from gpt-4o to gpt-4o-mini',
  detail: 'The same tokens cost {{swap-cost:gpt-4o-mini}} there, {{saving:gpt-4o-mini}} less.',
  figureKeys: ['swap-cost:gpt-4o-mini', 'saving:gpt-4o-mini', 'saving-share:gpt-4o-mini'],
  risk: 'Quality may differ; it is not known until judged on your own prompts.',
  apply: ['Route the chosen calls with `model="gpt-4o-mini"`.', 'Begin with one feature and compare answers.'],
  verify: 'Break cost down by model after the change.',
}

/** Answers about one hour of gpt-4o chat traffic without services, as the golden path sees it. */
export const CHAT_HOUR: Record<Question['question'], AnswerInput> = {
  usage: {},
  data_sufficiency: {
    sufficiency: 'sufficient',
    figures: { calls: ['19366', 'calls', 0] },
    gaps: [NO_SERVICE, SHORT_SPAN],
  },
  overview: {
    figures: {
      'total-cost': ['96.791325', 'USD', 2],
      calls: ['19366', 'calls', 0],
      'unpriced-calls': ['0', 'calls', 0],
      'input-cost-share': ['0.5777', 'ratio', 1],
      'output-cost-share': ['0.4223', 'ratio', 1],
      'cost-per-call': ['0.0049971', 'USD/call', 4],
      'input-tokens-per-call': ['1154.7', 'tokens/call', 0],
      'output-tokens-per-call': ['211.0', 'tokens/call', 0],
      'class-tokens:input_uncached': ['22361870', 'tokens', 0],
      'class-cost:input_uncached': ['55.904675', 'USD', 2],
      'class-tokens:output_text': ['4088665', 'tokens', 0],
      'class-cost:output_text': ['40.88665', 'USD', 2],
      errors: ['0', 'calls', 0],
      'error-share': ['0', 'ratio', 1],
    },
    rows: [{ calls: 19366, cost_usd: '96.791325' }],
  },
  breakdown: {
    figures: {
      'cost:gpt-4o': ['96.791325', 'USD', 2],
      'share:gpt-4o': ['1', 'ratio', 1],
      'calls:gpt-4o': ['19366', 'calls', 0],
      'cost-per-call:gpt-4o': ['0.0049971', 'USD/call', 4],
      'top-share': ['1', 'ratio', 1],
    },
    rows: [{ model: 'gpt-4o', cost_usd: '96.791325', calls: 19366 }],
  },
  trend: {
    figures: {
      'peak-cost': ['3.12', 'USD', 2],
      'peak-share': ['0.032', 'ratio', 1],
      'mean-cost': ['1.61', 'USD', 2],
      'largest-rise': ['0.9', 'USD', 2],
      'busiest-minute-over-mean': ['1.54', 'multiple', 2],
    },
    rows: [
      { time: '2023-11-16 18:15', cost_usd: '2.2' },
      { time: '2023-11-16 18:16', cost_usd: '3.1' },
    ],
  },
  model_swap: {
    figures: {
      'current-cost': ['96.791325', 'USD', 2],
      'goal-saving': ['29.0373975', 'USD', 2],
      'swap-cost:gpt-4o-mini': ['5.8074795', 'USD', 2],
      'saving:gpt-4o-mini': ['90.9838455', 'USD', 2],
      'saving-share:gpt-4o-mini': ['0.94', 'ratio', 1],
      'goal-share:gpt-4o-mini': ['0.3191', 'ratio', 1],
      'pairs-needed': ['3566', 'count', 0],
    },
    rows: [{ model: 'gpt-4o-mini', cost_usd: '5.8074795' }],
    findings: [swapFinding],
  },
  cache_simulation: {
    gaps: [
      {
        code: 'no-prefix-hashes',
        what: 'The calls carry no prefix hashes.',
        effect: 'Whether prompt caching pays cannot be simulated.',
        how: 'Send `prefix_hashes` with each call.',
      },
    ],
  },
  batch_eligibility: {
    figures: {
      'total-cost': ['96.791325', 'USD', 2],
      'batch-saving-bound': ['48.3956625', 'USD', 2],
      'goal-share': ['0.6', 'ratio', 1],
    },
    findings: [
      {
        code: 'batch',
        verdict: 'not_enough_evidence',
        title: 'Send what nobody waits for as batch',
        detail: 'At most {{batch-saving-bound}} could be saved; which calls can wait is not known.',
        figureKeys: ['batch-saving-bound'],
        verify: 'Mark batch calls with a feature name and break cost down by it.',
      },
    ],
  },
  savings_plan: {
    figures: {
      'total-cost': ['96.791325', 'USD', 2],
      'goal-saving': ['29.0373975', 'USD', 2],
      'lever-saving:batch': ['48.3956625', 'USD', 2],
      'lever-share:batch': ['0.5', 'ratio', 1],
      'lever-saving:model-swap': ['90.9838455', 'USD', 2],
      'lever-share:model-swap': ['0.94', 'ratio', 1],
      'joint-saving': ['93.88758525', 'USD', 2],
      'joint-share': ['0.97', 'ratio', 1],
      'joint-cost': ['2.90373975', 'USD', 2],
      overlap: ['45.49192275', 'USD', 2],
      'swap-share-needed': ['0.3191', 'ratio', 1],
      'pairs-needed': ['3566', 'count', 0],
    },
    findings: [
      {
        code: 'goal',
        verdict: 'saves',
        title:
          'The goal of {{goal-saving}} is reached when {{swap-share-needed}} of the movable calls change their model',
        detail: 'The moves are gpt-4o to gpt-4o-mini. The calls with the least at stake go first.',
        figureKeys: ['goal-saving', 'swap-share-needed'],
      },
      {
        code: 'joint',
        verdict: 'info',
        title: 'All levers together save at most {{joint-saving}} of {{total-cost}}: {{joint-share}}',
        detail:
          'The calls would then cost {{joint-cost}}. Adding up the levers would count {{overlap}} more than once.',
        figureKeys: ['joint-saving', 'total-cost', 'joint-share', 'joint-cost', 'overlap'],
      },
      {
        ...swapFinding,
        code: 'lever:model-swap',
        title:
          'Smaller models alone save {{lever-saving:model-swap}}, {{lever-share:model-swap}} of the total, if every call moves',
        detail: 'The moves are gpt-4o to gpt-4o-mini, for the same tokens at the same provider.',
        figureKeys: ['lever-saving:model-swap', 'lever-share:model-swap', 'pairs-needed'],
        risk: 'Not enough evidence on quality: certifying it takes about {{pairs-needed}} answers of both models.',
      },
      {
        code: 'lever:batch',
        verdict: 'not_enough_evidence',
        title:
          'A batch for the calls that can wait alone saves {{lever-saving:batch}}, {{lever-share:batch}} of the total',
        detail: 'It is an upper bound: of some of these calls nothing says whether somebody waits.',
        figureKeys: ['lever-saving:batch', 'lever-share:batch'],
        risk: 'A batch answers within a day, not within seconds.',
      },
    ],
  },
}
