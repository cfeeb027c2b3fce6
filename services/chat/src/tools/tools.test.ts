import { UnavailableError } from '@apex/kit/app-error'
import type { Question } from '@apex/protocol/question'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { MemoryAnalytics } from '../agents/testing/memory-analytics.ts'
import { batchEligibility } from './batch-eligibility.ts'
import { callTool, readArguments } from './call-tool.ts'
import { dataSufficiency } from './data-sufficiency.ts'
import { modelPriceComparison } from './model-price-comparison.ts'
import { promptCacheSimulation } from './prompt-cache-simulation.ts'
import { savingsPlan } from './savings-plan.ts'
import type { Tool } from './tool.ts'
import { usageBreakdown } from './usage-breakdown.ts'
import { usageOverview } from './usage-overview.ts'
import { usageTrend } from './usage-trend.ts'

const TOOLS: [Tool, Question['question'], Record<string, string>, string][] = [
  [dataSufficiency, 'data_sufficiency', {}, 'sufficient, 19,366 calls, missing: no-labels, short-span'],
  [usageOverview, 'overview', {}, '$96.79 over 19,366 calls'],
  [usageBreakdown, 'breakdown', { by: 'model' }, '1 row'],
  [usageTrend, 'trend', {}, '2 rows, peak $3.12'],
  [modelPriceComparison, 'model_swap', { from: 'gpt-4o' }, 'Move calls from gpt-4o to gpt-4o-mini'],
  [promptCacheSimulation, 'cache_simulation', {}, 'no rows'],
  [batchEligibility, 'batch_eligibility', {}, 'no rows'],
  [savingsPlan, 'savings_plan', {}, '$93.89 together'],
]
const context = (analytics = new MemoryAnalytics()) => ({
  analytics,
  organisation: 'org-1',
  signal: new AbortController().signal,
})
const call = (name: string, args: Parameters<typeof callTool>[1]['arguments']) => ({
  name,
  arguments: args,
  correlationId: 'correlation-1',
})

describe('tools', () => {
  test.each(TOOLS)('$name asks its question and sums it up in a line', async (tool, question, args, line) => {
    const analytics = new MemoryAnalytics()

    const outcome = await callTool(tool, call(tool.name, args), context(analytics))

    expect(analytics.asked.map((asked) => asked.question)).toEqual([question])
    expect(outcome).toMatchObject({ ok: true, result: { summary: line, answer: { question } } })
  })

  test.each(TOOLS)('$name describes its arguments to a model', (tool) => {
    expect(z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' })).toMatchObject({ type: 'object' })
    expect(tool.description.length).toBeGreaterThan(60)
  })

  test.each(TOOLS)('$name takes any arguments a model may write without throwing', async (tool) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        const outcome = await callTool(tool, call(tool.name, readArguments(text)), context())

        expect(outcome.ok || outcome.problem.code === 'invalid_request').toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})

describe('callTool', () => {
  test('says which argument does not fit', async () => {
    const outcome = await callTool(usageBreakdown, call('usage_breakdown', { by: 'colour' }), context())

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_request', requestId: 'correlation-1' } })
    expect(!outcome.ok && outcome.problem.detail).toContain('by:')
  })

  test('gives an expected failure with its words and an unexpected one without internals', async () => {
    const away = new MemoryAnalytics(() => new UnavailableError('Analytics is being restarted.'))
    const broken = new MemoryAnalytics(() => new TypeError('cannot read secret of undefined'))

    const expected = await callTool(usageOverview, call('usage_overview', {}), context(away))
    const unexpected = await callTool(usageOverview, call('usage_overview', {}), context(broken))

    expect(expected).toMatchObject({
      problem: { code: 'unavailable', retryable: true, detail: 'Analytics is being restarted.' },
    })
    expect(unexpected).toMatchObject({ problem: { code: 'internal', retryable: false } })
    expect(JSON.stringify(unexpected)).not.toContain('secret')
  })

  test('throws the reason of an aborted signal instead of a result', async () => {
    const analytics = new MemoryAnalytics(() => new Error('cut'))
    const signal = AbortSignal.abort(new Error('stopped'))

    await expect(
      callTool(usageOverview, call('usage_overview', {}), { ...context(analytics), signal }),
    ).rejects.toThrow('stopped')
  })
})
