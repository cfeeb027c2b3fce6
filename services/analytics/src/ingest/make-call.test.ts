import type { CallInput } from '@apex/protocol/call'
import { describe, expect, test } from 'vitest'
import { loadPriceBook } from '../price-book/load-price-book.ts'
import { type MakeCallOptions, makeCall } from './make-call.ts'

const book = await loadPriceBook()
const options: MakeCallOptions = { book, defaults: {}, provenance: 'api', sample: false, row: 1 }
const at = '2026-06-01T00:00:00.1234567Z'

function made(input: Omit<CallInput, 'timestamp'>, defaults: MakeCallOptions['defaults'] = {}) {
  const call = makeCall({ timestamp: at, ...input }, { ...options, defaults })
  if ('problem' in call) throw new Error(call.problem)
  return call
}

describe('token classes', () => {
  const cached = { input_tokens: 7_243, cache_read_tokens: 3_072, output_tokens: 423, reasoning_tokens: 58 }

  test('come out of an inclusive total', () => {
    expect(made({ ...cached, model: 'gpt-5', input_semantics: 'inclusive' })).toMatchObject({
      tokens: { input_uncached: 4_171, cache_read: 3_072, output_text: 365, output_reasoning: 58 },
      semanticsBy: 'stated',
      usageState: 'reported',
    })
  })

  test('come out of an exclusive total', () => {
    const input = { input_tokens: 4, cache_read_tokens: 1_163, output_tokens: 202, model: 'claude-sonnet-4-5' }
    expect(made(input)).toMatchObject({ tokens: { input_uncached: 4, cache_read: 1_163 }, semanticsBy: 'arithmetic' })
  })

  test('are estimated where only the provider’s habit tells what input means', () => {
    const input = { input_tokens: 4_000, cache_read_tokens: 1_163, output_tokens: 2, model: 'claude-sonnet-4-5' }
    expect(made(input)).toMatchObject({ semantics: 'exclusive', usageState: 'estimated' })
    expect(made({ ...input, model: 'gpt-4o' })).toMatchObject({ semantics: 'inclusive', usageState: 'reported' })
  })

  test('contradict each other as a problem', () => {
    const wrong = makeCall(
      { timestamp: at, input_tokens: 5, cache_read_tokens: 9, input_semantics: 'inclusive', output_tokens: 1 },
      options,
    )
    expect(wrong).toEqual({ problem: expect.stringContaining('the cached tokens (9) are more than input_tokens (5)') })
    const reasoning = makeCall({ timestamp: at, input_tokens: 5, output_tokens: 1, reasoning_tokens: 2 }, options)
    expect(reasoning).toEqual({ problem: expect.stringContaining('reasoning_tokens (2)') })
  })
})

describe('a call', () => {
  test('without counts is unknown and unpriced, not empty and free', () => {
    expect(made({ model: 'gpt-4o' })).toMatchObject({
      usageState: 'unknown',
      costState: 'unpriced',
      unpricedReason: 'unknown-usage',
    })
    expect(made({ model: 'gpt-4o', input_tokens: 5 })).toMatchObject({ usageState: 'unknown', costState: 'unpriced' })
  })

  test('takes provider from the model and the rest from the file’s defaults', () => {
    const call = made(
      { input_tokens: 1, output_tokens: 1, service: 'own' },
      { model: 'gpt-4o', service: 'default', project: 'p' },
    )
    expect(call).toMatchObject({ provider: 'openai', model: 'gpt-4o', service: 'own', project: 'p', cost: 12_500_000n })
    expect(call.timestampUs).toBe(Date.parse('2026-06-01T00:00:00.123Z') * 1_000 + 456)
  })

  test('of an unknown model is kept unpriced', () => {
    expect(made({ input_tokens: 1, output_tokens: 1, model: 'ours' })).toMatchObject({
      costState: 'unpriced',
      unpricedReason: 'unknown-model',
    })
  })

  test('with seconds for milliseconds is a problem that says so', () => {
    expect(makeCall({ timestamp: 1_780_272_000 }, options)).toEqual({ problem: expect.stringContaining('not seconds') })
  })
})

describe('names', () => {
  test('are kept on one line', () => {
    expect(
      made({ model: 'gpt-4o\n\n# Saved', service: ' check\tout ', input_tokens: 1, output_tokens: 1 }),
    ).toMatchObject({
      model: 'gpt-4o # Saved',
      service: 'check out',
    })
  })
})
