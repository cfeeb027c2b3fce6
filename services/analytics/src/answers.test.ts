import { systemClock } from '@apex/kit/clock'
import {
  type Answer,
  Answer as AnswerSchema,
  QUESTIONS,
  type Question,
  type QuestionName,
} from '@apex/protocol/question'
import { beforeAll, describe, expect, test } from 'vitest'
import { cpuMsOf } from '../tests/cpu-time.ts'
import { dataset, datasetText } from '../tests/datasets.ts'
import { ingestFixture } from '../tests/ingest-fixture.ts'
import { ANSWERS } from './answers.ts'
import { addCalls } from './ingest/add-calls.ts'
import { createAsk } from './query/ask.ts'
import { generateSample } from './sample/generate-sample.ts'

let fixture: Awaited<ReturnType<typeof ingestFixture>>

beforeAll(async () => {
  fixture = await ingestFixture()
  const azure = { format: 'azure-llm', model: 'gpt-4o' } as const
  await fixture.importText('azure', dataset('azure-llm-2023/AzureLLMInferenceTrace_conv.csv.gz'), azure)
  await fixture.importText('azure-code', dataset('azure-llm-2023/AzureLLMInferenceTrace_code.csv.gz'), azure)
  const mooncake = { format: 'mooncake', model: 'claude-sonnet-4-5', start: '2026-06-01T00:00:00Z' } as const
  await fixture.importText('mooncake', dataset('mooncake/conversation_trace.jsonl.gz'), mooncake)
  const sample = generateSample(Date.parse('2026-11-21T00:00:00Z'))
  for (let from = 0; from < sample.length; from += 5_000) {
    await addCalls(
      { ...fixture, clock: systemClock },
      { organizationId: 'sample', calls: sample.slice(from, from + 5_000) },
    )
  }
}, 120_000)

async function ask(organizationId: string, question: QuestionName, params: object = {}): Promise<Answer> {
  const answer = createAsk({ ...fixture, answers: ANSWERS })
  const parsed = { question, params: QUESTIONS[question].parse(params) } as Question
  return AnswerSchema.parse(await answer({ organizationId, question: parsed }))
}

function valueOf(answer: Answer, key: string): string | undefined {
  return answer.figures.find((figure) => figure.key === key)?.value
}

const rounded = (answer: Answer, key: string, places: number) => Number(valueOf(answer, key)).toFixed(places)

describe('the Azure trace at gpt-4o', () => {
  test('costs in all questions what an independent sum says', async () => {
    let micro = 0n
    for (const line of datasetText('azure-llm-2023/AzureLLMInferenceTrace_conv.csv.gz').split('\n').slice(1)) {
      const [, input, output] = line.trim().split(',')
      if (input && output) micro += BigInt(input) * 25n + BigInt(output) * 100n
    }
    // Tenths of a micro-dollar: 2.50 and 10 dollars per million tokens.
    const expected = `${micro / 10_000_000n}.${(micro % 10_000_000n).toString().padStart(7, '0')}`.replace(/0+$/, '')
    for (const question of ['overview', 'data_sufficiency', 'trend', 'batch_eligibility', 'savings_plan'] as const) {
      expect(valueOf(await ask('azure', question), 'total-cost'), question).toBe(expected)
    }
    expect(valueOf(await ask('azure', 'breakdown', { by: 'model' }), 'cost:gpt-4o')).toBe(expected)
    expect(valueOf(await ask('azure', 'model_swap', { from: 'gpt-4o' }), 'current-cost')).toBe(expected)
    const usage = await ask('azure', 'usage', { measures: ['cost', 'calls', 'latency_p50'], groupBy: ['model'] })
    expect(usage.rows).toEqual([{ model: 'gpt-4o', cost: expected, calls: '19366', latency_p50: null }])
  })

  test('has the published distributions', async () => {
    const [chat, code] = [await ask('azure', 'overview'), await ask('azure-code', 'overview')]
    expect([chat, code].map((answer) => answer.coverage.calls)).toEqual([19_366, 8_819])
    expect([chat, code].map((answer) => valueOf(answer, 'input-tokens-median'))).toEqual(['1020', '1469'])
    expect([chat, code].map((answer) => valueOf(answer, 'output-tokens-median'))).toEqual(['129', '13'])
    const [chatTrend, codeTrend] = [await ask('azure', 'trend'), await ask('azure-code', 'trend')]
    expect([chatTrend, codeTrend].map((answer) => rounded(answer, 'busiest-minute-over-mean', 2))).toEqual([
      '1.54',
      '4.16',
    ])
    expect([chatTrend, codeTrend].map((answer) => rounded(answer, 'interarrival-variation', 2))).toEqual([
      '1.09',
      '13.15',
    ])
  })

  test('is sufficient, with the gaps named, and is not blown up to a month', async () => {
    const answer = await ask('azure', 'data_sufficiency')
    expect(answer.sufficiency).toBe('sufficient')
    expect(answer.gaps.map((gap) => gap.code)).toEqual([
      'short-span',
      'no-labels',
      'no-conversations',
      'no-prefix-hashes',
    ])
    expect(valueOf(answer, 'monthly-cost')).toBeUndefined()
  })

  test('is answered in tens of milliseconds', async () => {
    for (const question of ['overview', 'trend', 'savings_plan'] as const) await ask('azure', question)
    for (const [question, params] of [
      ['overview', {}],
      ['breakdown', { by: 'model' }],
      ['trend', {}],
      ['model_swap', { from: 'gpt-4o' }],
      ['savings_plan', { goal: 0.3 }],
    ] as const) {
      expect(await cpuMsOf(() => ask('azure', question, params)), question).toBeLessThan(200)
    }
  })

  test('compares with cheaper models of comparable generation', async () => {
    const answer = await ask('azure', 'model_swap', { from: 'gpt-4o', goal: 0.3 })
    expect(answer.rows.map((row) => row.model)).toContain('gpt-4o-mini')
    const total = Number(valueOf(answer, 'total-cost'))
    expect(Number(valueOf(answer, 'goal-saving'))).toBeCloseTo(0.3 * total, 9)
    expect(Number(valueOf(answer, 'saving-share:gpt-4o-mini'))).toBeCloseTo(0.94, 2)
    expect(
      Number(valueOf(answer, 'goal-share:gpt-4o-mini')) * Number(valueOf(answer, 'saving:gpt-4o-mini')),
    ).toBeCloseTo(0.3 * total, 6)
    // Exactly a fifth less for input and for output, so a goal of three tenths is out of its reach.
    expect(valueOf(answer, 'saving-share:gpt-4.1')).toBe('0.2')
    expect(valueOf(answer, 'goal-share:gpt-4.1')).toBeUndefined()
    expect(valueOf(answer, 'pairs-needed')).toBe('3566')
    for (const finding of answer.findings) expect(finding.risk).toContain('{{pairs-needed}}')
  })

  test('compares with a named model, and says when it would cost more or is unknown', async () => {
    const dearer = await ask('azure', 'model_swap', { from: 'gpt-4o', to: 'gpt-4-turbo' })
    expect(dearer.findings.map((finding) => finding.verdict)).toEqual(['loses'])
    await expect(ask('azure', 'model_swap', { from: 'gpt-4o', to: 'no-such-model' })).rejects.toMatchObject({
      code: 'unprocessable',
    })
    expect((await ask('azure', 'model_swap', { from: 'other' })).gaps.map((gap) => gap.code)).toContain(
      'model-not-priced',
    )
  })

  test('has no evidence for caching, but the break-even', async () => {
    const answer = await ask('azure', 'cache_simulation')
    expect(answer.findings.map((finding) => finding.verdict)).toEqual(['not_enough_evidence'])
    expect(answer.gaps.map((gap) => gap.code)).toContain('no-prefix-hashes')
    expect(rounded(answer, 'break-even:anthropic-5m', 3)).toBe('0.217')
    expect(rounded(answer, 'break-even:anthropic-1h', 3)).toBe('0.526')
    expect(valueOf(answer, 'ratio:anthropic-5m')).toBeUndefined()
  })

  test('would cost half in a batch, and nobody knows who waits', async () => {
    const answer = await ask('azure', 'batch_eligibility', { goal: 0.3 })
    expect(valueOf(answer, 'batch-share')).toBe('0.5')
    expect(valueOf(answer, 'goal-share')).toBe('0.6')
    expect(answer.findings.map((finding) => finding.verdict)).toEqual(['not_enough_evidence'])
    expect(answer.gaps.map((gap) => gap.code)).toContain('waiting-unknown')
  })

  test('has a concrete plan to the goal, joint and not summed', async () => {
    const answer = await ask('azure', 'savings_plan', { goal: 0.3 })
    const [goal] = answer.findings
    expect(goal).toMatchObject({ code: 'goal', verdict: 'saves' })
    expect(goal?.detail).toContain('gpt-4o to gpt-4o-mini')
    expect(Number(valueOf(answer, 'swap-share-needed'))).toBeCloseTo(0.3 / 0.94, 3)
    const [swap, batch, joint] = ['lever-saving:model-swap', 'lever-saving:batch', 'joint-saving'].map((key) =>
      Number(valueOf(answer, key)),
    )
    // What is left after the cheaper model is halved: multiplied, not added.
    const total = Number(valueOf(answer, 'total-cost'))
    expect(joint).toBeCloseTo(total - (total - swap!) / 2, 9)
    expect(Number(valueOf(answer, 'overlap'))).toBeCloseTo(swap! + batch! - joint!, 9)
  })

  test('keeps models and latency when asked', async () => {
    const levers = async (params: object) =>
      (await ask('azure', 'savings_plan', params)).figures
        .filter((figure) => figure.key.startsWith('lever-saving:'))
        .map((figure) => figure.key)
    expect(await levers({ keepModels: true })).toEqual(['lever-saving:batch'])
    expect(await levers({ keepLatency: true })).toEqual(['lever-saving:model-swap'])
    const neither = await ask('azure', 'savings_plan', { keepModels: true, keepLatency: true, goal: 0.3 })
    expect(neither.findings.map((finding) => finding.code)).toEqual(['no-lever'])
    expect(neither.gaps.map((gap) => gap.code)).toContain('no-prefix-hashes')
  })
})

describe('the Mooncake trace at claude-sonnet-4-5', () => {
  test('has the published caching figures, and names the hour a loss', async () => {
    const answer = await ask('mooncake', 'cache_simulation')
    expect(
      ['anthropic-5m', 'anthropic-1h', 'openai-automatic'].map((rule) => rounded(answer, `ratio:${rule}`, 3)),
    ).toEqual(['0.940', '1.313', '0.709'])
    // Published as 0.848, which is 0.8475 rounded once more.
    expect(rounded(answer, 'ratio:openai-gpt-5.6', 4)).toBe('0.8475')
    expect(
      ['anthropic-5m', 'anthropic-1h', 'openai-gpt-5.6'].map((rule) => rounded(answer, `hindsight-ratio:${rule}`, 2)),
    ).toEqual(['0.80', '0.86', '0.73'])
    expect(['infinite', '60s', '5m', '10m', '30m'].map((time) => rounded(answer, `reuse-${time}`, 4))).toEqual([
      '0.3736',
      '0.1054',
      '0.2934',
      '0.3501',
      '0.3706',
    ])
    const verdicts = Object.fromEntries(answer.findings.map((finding) => [finding.code, finding.verdict]))
    expect(verdicts).toMatchObject({
      'cache:anthropic-5m': 'saves',
      'cache:anthropic-1h': 'loses',
      'cache:openai-automatic': 'info',
    })
    expect(answer.findings.find((finding) => finding.code === 'cache:anthropic-1h')?.title).toContain(
      'is a loss of {{loss:anthropic-1h}}',
    )
    expect(Number(valueOf(answer, 'saving:anthropic-1h'))).toBeLessThan(0)
    expect(valueOf(answer, 'simulated-calls')).toBe('12031')
  })

  test('is simulated in less than a second', async () => {
    await ask('mooncake', 'cache_simulation')
    expect(await cpuMsOf(() => ask('mooncake', 'cache_simulation'))).toBeLessThan(1_000)
  })

  test('answers for the rules asked, and refuses unknown ones', async () => {
    const answer = await ask('mooncake', 'cache_simulation', { rules: ['anthropic-1h'] })
    expect(answer.rows.map((row) => row.rule)).toEqual(['anthropic-1h'])
    await expect(ask('mooncake', 'cache_simulation', { rules: ['no-such-rule'] })).rejects.toMatchObject({
      code: 'unprocessable',
    })
  })

  test('has a plan that caches where it pays and counts nothing twice', async () => {
    const answer = await ask('mooncake', 'savings_plan', { goal: 0.05 })
    const cache = Number(valueOf(answer, 'lever-saving:prompt-cache'))
    const alone = await ask('mooncake', 'cache_simulation')
    expect(cache).toBeCloseTo(Number(valueOf(alone, 'saving:anthropic-5m')), 9)
    const sum = answer.figures
      .filter((figure) => figure.key.startsWith('lever-saving:'))
      .reduce((all, figure) => all + Number(figure.value), 0)
    expect(Number(valueOf(answer, 'overlap'))).toBeCloseTo(sum - Number(valueOf(answer, 'joint-saving')), 9)
    expect(Number(valueOf(answer, 'joint-saving'))).toBeLessThan(sum)
  })
})

describe('generated calls of a month', () => {
  test('add up by every dimension', async () => {
    const total = valueOf(await ask('sample', 'overview'), 'total-cost')
    for (const by of ['model', 'service', 'feature', 'user', 'conversation', 'environment', 'status'] as const) {
      const answer = await ask('sample', 'breakdown', { by, limit: 3 })
      expect(valueOf(answer, 'total-cost'), by).toBe(total)
      const parts = answer.rows.map((row) => Number(row.cost_usd ?? 0))
      expect(
        parts.reduce((sum, part) => sum + part, 0),
        by,
      ).toBeCloseTo(Number(total), 6)
    }
  })

  test('show where the level of cost changed and what did it', async () => {
    const answer = await ask('sample', 'trend')
    const shift = answer.findings.find((finding) => finding.code === 'level-shift')
    expect(shift?.title).toMatch(/^From 2026-\d\d-\d\d on the cost of a day is higher/)
    expect(shift?.detail).toContain('Most of it is the')
    expect(Number(valueOf(answer, 'shift-after'))).toBeGreaterThan(Number(valueOf(answer, 'shift-before')))
  })

  test('give a monthly cost, and cheaper batches for unattended work', async () => {
    expect(Number(valueOf(await ask('sample', 'overview'), 'monthly-cost'))).toBeGreaterThan(0)
    const batch = await ask('sample', 'batch_eligibility', { goal: 0.1 })
    expect(batch.findings[0]).toMatchObject({ code: 'batch-unattended', verdict: 'saves' })
    expect(Number(valueOf(batch, 'unattended-saving'))).toBeGreaterThan(0)
  })

  test('have a plan whose joint saving is less than the sum of its levers', async () => {
    const answer = await ask('sample', 'savings_plan', { goal: 0.2 })
    expect(answer.rows.map((row) => row.lever)).toEqual(['Prompt caching', 'Batch', 'Smaller models', 'All together'])
    expect(Number(valueOf(answer, 'overlap'))).toBeGreaterThan(0)
    expect(Number(valueOf(answer, 'safe-saving'))).toBeLessThanOrEqual(Number(valueOf(answer, 'joint-saving')))
  })
})

describe('any answer', () => {
  const questions: [QuestionName, object][] = [
    ['overview', {}],
    ['data_sufficiency', {}],
    ['breakdown', { by: 'feature' }],
    ['trend', {}],
    ['usage', { measures: ['calls'], groupBy: ['service', 'model'], bucket: 'day' }],
    ['model_swap', { from: 'gpt-4o', goal: 0.3 }],
    ['cache_simulation', {}],
    ['batch_eligibility', { goal: 0.3 }],
    ['savings_plan', { goal: 0.3 }],
    ['savings_plan', { goal: 0.9, keepModels: true }],
  ]
  const names =
    /harbour-tone-7b|(?:gpt|claude|gemini)-[\w.-]+|o\d(?:-\w+)?|\d{4}-\d{2}(?:-\d{2})?(?: \d\d:\d\d)?|\b(?:five-minute|one-hour) lifetime/g
  const numeral =
    /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|half|halves|twice|double[sd]?|hundred|thousand)\b/i

  test.each(['azure', 'mooncake', 'sample', 'nobody'])(
    'quotes figures only by key and only ones it has: %s',
    async (organizationId) => {
      for (const [question, params] of questions) {
        const answer = await ask(organizationId, question, params)
        const keys = new Set(answer.figures.map((figure) => figure.key))
        const texts = [
          ...answer.findings.flatMap(({ title, detail, risk, verify, apply, figureKeys }) => [
            title,
            detail,
            risk ?? '',
            verify ?? '',
            ...apply,
            ...figureKeys.map((key) => `{{${key}}}`),
          ]),
          ...answer.gaps.flatMap(({ what, effect, how }) => [what, effect, how]),
        ]
        for (const text of texts) {
          for (const [, key] of text.matchAll(/\{\{([^}]+)\}\}/g)) expect(keys, `${question}: ${text}`).toContain(key)
          const plain = text
            .replaceAll(/\{\{[^}]+\}\}/g, '')
            .replaceAll(/`[^`]*`|"1h"|\/api\/v1\S*/g, '')
            .replaceAll(names, '')
          expect(numeral.exec(plain)?.[0], `${question}: ${text}`).toBeUndefined()
        }
        for (const finding of answer.findings)
          for (const key of finding.figureKeys) expect(keys, question).toContain(key)
        for (const figure of answer.figures) expect(figure.rows.length, figure.key).toBeLessThanOrEqual(20)
      }
    },
  )

  test('for an organisation without calls has no figures and says how to begin', async () => {
    for (const [question, params] of questions) {
      const answer = await ask('nobody', question, params)
      expect(
        answer.figures.filter((figure) => !figure.key.startsWith('break-even')),
        question,
      ).toEqual([])
      expect(answer.dataVersion.watermark).toBe(0)
    }
    const answer = await ask('nobody', 'data_sufficiency')
    expect(answer).toMatchObject({ sufficiency: 'insufficient', gaps: [{ code: 'no-calls' }] })
  })

  test('leaves partly known usage out of tokens and means, and says so', async () => {
    const at = { timestamp: '2026-06-01T00:00:00Z', model: 'gpt-4o' }
    const calls = [
      { ...at, input_tokens: 100, output_tokens: 10 },
      { ...at, input_tokens: 900 },
    ]
    await addCalls({ ...fixture, clock: systemClock }, { organizationId: 'partly', calls })
    const answer = await ask('partly', 'overview')
    expect(['tokens', 'input-tokens-per-call', 'unpriced-calls'].map((key) => valueOf(answer, key))).toEqual([
      '110',
      '100',
      '1',
    ])
    expect(answer.gaps.map((gap) => gap.code)).toContain('unknown-usage')
    const usage = await ask('partly', 'usage', { measures: ['input_tokens', 'unknown_usage_calls', 'input_uncached'] })
    expect(usage.rows).toEqual([{ input_tokens: '100', unknown_usage_calls: '1', input_uncached: '100' }])
  })

  test('sees only what its filter and time range keep', async () => {
    const all = await ask('azure', 'overview')
    const scope = { from: '2023-11-16T18:30:00Z', to: '2023-11-16T18:45:00Z' }
    const part = await ask('azure', 'overview', { scope })
    expect(part.coverage.calls).toBeGreaterThan(100)
    expect(part.coverage.calls).toBeLessThan(all.coverage.calls)
    expect(part.coverage.from! >= '2023-11-16T18:30:00.000Z' && part.coverage.to! < '2023-11-16T18:45:00.000Z').toBe(
      true,
    )
    expect((await ask('azure', 'overview', { scope: { filter: { model: ['other'] } } })).coverage.calls).toBe(0)
    await expect(ask('azure', 'overview', { scope: { from: scope.to, to: scope.from } })).rejects.toMatchObject({
      code: 'unprocessable',
    })
  })

  test('names in the goal only what the plan may use', async () => {
    const goalWords = async (params: object) => {
      const answer = await ask('sample', 'savings_plan', { goal: 0.6, ...params })
      return answer.findings.find((finding) => finding.code === 'goal')?.detail
    }

    expect(await goalWords({})).toContain('a batch for unattended calls')
    expect(await goalWords({ keepLatency: true })).toContain('caching that pays')
    expect(await goalWords({ keepLatency: true })).not.toContain('batch')
  })
})
