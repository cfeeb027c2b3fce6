import { roundDecimal } from '@apex/protocol/figure-display'
import { calcPrice, waitForUpdate } from '@pydantic/genai-prices'
import { describe, expect, test } from 'vitest'
import { dataset } from '../../tests/datasets.ts'
import { usdOfPico } from '../exact/money.ts'
import { ratesAt } from './book-model.ts'
import { loadPriceBook } from './load-price-book.ts'
import { costTokens, priceCall, type TokenCounts } from './price-call.ts'
import { costOfTokens, HALF_PRICE, type Rates, rateFromUsdPerMtok, usdPerMtok } from './rate.ts'

const book = await loadPriceBook()
const none: TokenCounts = {
  input_uncached: 0,
  cache_read: 0,
  cache_write_5m: 0,
  cache_write_1h: 0,
  output_text: 0,
  output_reasoning: 0,
}
const at = (text: string) => Date.parse(text)

function ratesOf(provider: string | undefined, model: string, instant: string, inputTokens = 1000) {
  const lookup = book.find(provider, model)
  if (!lookup.found) return lookup.reason
  const rates = ratesAt(lookup.model, at(instant), inputTokens)
  return Object.fromEntries(Object.entries(rates).map(([key, rate]) => [key, usdPerMtok(rate)]))
}

type GoldenCase = {
  id: string
  model: string
  usage: { input: number; output: number; cache_read?: number; cache_write_5m?: number }
  usd_per_mtok: { input: number; output: number; cache_read?: number; cache_write_5m?: number } | null
  expected_usd: number | null
}

/** The cost with as many digits as the case gives. */
function toDigitsOf(expected: number, pico: bigint): string {
  return roundDecimal(usdOfPico(pico), String(expected).split('.')[1]?.length ?? 0)
}

function goldenTokens({ usage }: GoldenCase): TokenCounts {
  return {
    ...none,
    input_uncached: usage.input,
    cache_read: usage.cache_read ?? 0,
    cache_write_5m: usage.cache_write_5m ?? 0,
    output_text: usage.output,
  }
}

describe('golden cost cases', () => {
  const cases = JSON.parse(dataset('golden-cost-cases/cases.json').toString('utf8')) as GoldenCase[]
  const priced = cases.flatMap((each) => (each.usd_per_mtok && each.expected_usd !== null ? [each] : []))

  test('are there', () => {
    expect(priced.length).toBeGreaterThanOrEqual(4)
  })

  test.each(priced)('$id comes out to the last digit at its own rates', (each) => {
    const rates: Rates = {}
    const given = each.usd_per_mtok!
    rates.input_uncached = rateFromUsdPerMtok(given.input)
    rates.output_text = rateFromUsdPerMtok(given.output)
    if (given.cache_read !== undefined) rates.cache_read = rateFromUsdPerMtok(given.cache_read)
    if (given.cache_write_5m !== undefined) rates.cache_write_5m = rateFromUsdPerMtok(given.cache_write_5m)
    const cost = costTokens(goldenTokens(each), rates)
    expect(cost.state === 'priced' && toDigitsOf(each.expected_usd!, cost.total)).toBe(String(each.expected_usd))
  })

  test.each([
    ['anthropic-cache-write-double', 'anthropic', 'claude-3-7-sonnet-20250219'],
    ['anthropic-stream-cache-read', 'anthropic', 'claude-3-5-haiku'],
    ['bedrock-langchain-42x', 'aws', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['stream-dated-slug-zero', 'anthropic', 'claude-opus-5-20250930'],
  ])('%s comes out to the last digit from the book', (id, provider, model) => {
    const each = cases.find((one) => one.id === id)!
    const tokens = goldenTokens(each)
    const price = priceCall(book, { provider, model, timestampMs: at('2026-09-01'), tokens, batch: false })
    expect(price.state === 'priced' && toDigitsOf(each.expected_usd!, price.total)).toBe(String(each.expected_usd))
  })
})

describe('price book', () => {
  test('names the installed release', () => {
    expect(book.version).toMatch(/^genai-prices@\d+\.\d+\.\d+$/)
  })

  test('holds exact rates for every model of the catalogue', () => {
    expect(book.search('').length).toBeGreaterThan(1000)
  })

  test('prices by date', () => {
    expect(ratesOf('openai', 'o3', '2025-06-09T23:59:59Z')).toMatchObject({ input_uncached: '10', output_text: '40' })
    expect(ratesOf('openai', 'o3', '2025-06-10T00:00:00Z')).toMatchObject({ input_uncached: '2', output_text: '8' })
  })

  test('prices by hour of day where the book does', () => {
    expect(ratesOf('deepseek', 'deepseek-chat', '2025-03-01T12:00:00Z')).toMatchObject({ input_uncached: '0.27' })
    expect(ratesOf('deepseek', 'deepseek-chat', '2025-03-01T20:00:00Z')).toMatchObject({ input_uncached: '0.135' })
  })

  test('applies a context tier to the whole request once it is exceeded', () => {
    const below = ratesOf(undefined, 'claude-sonnet-4-5', '2026-01-01', 200_000)
    const above = ratesOf(undefined, 'claude-sonnet-4-5', '2026-01-01', 200_001)
    expect(below).toMatchObject({ input_uncached: '3', cache_read: '0.3', output_text: '15', output_reasoning: '15' })
    expect(above).toMatchObject({ input_uncached: '6', cache_read: '0.6', output_text: '22.5' })
  })

  test('derives the one-hour write of Anthropic models that the book leaves out', () => {
    expect(ratesOf('google', 'claude-3-5-sonnet', '2026-01-01')).toMatchObject({ cache_write_1h: '6' })
    expect(ratesOf('openai', 'gpt-4o', '2026-01-01')).not.toHaveProperty('cache_write_1h')
  })

  test('infers the provider from the model', () => {
    expect(['gpt-4o', 'claude-sonnet-4-5', 'gemini-2.5-pro', 'o3'].map((model) => book.inferProvider(model))).toEqual([
      'openai',
      'anthropic',
      'google',
      'openai',
    ])
    expect(book.inferProvider('our-own-model')).toBeUndefined()
  })

  test('agrees with the catalogue’s own calculation', async () => {
    const providers = (await waitForUpdate())!.filter((each) =>
      ['openai', 'anthropic', 'google', 'x-ai'].includes(each.id),
    )
    let compared = 0
    for (const provider of providers) {
      for (const { id } of provider.models) {
        const tokens = { ...none, input_uncached: 1_234, cache_read: 777, output_text: 345 }
        const timestampMs = at('2026-10-10T10:10:10Z')
        const ours = priceCall(book, { provider: provider.id, model: id, timestampMs, tokens, batch: false })
        if (ours.state === 'unpriced') continue
        const usage = { input_tokens: 2_011, cache_read_tokens: 777, output_tokens: 345 }
        const theirs = calcPrice(usage, id, { providerId: provider.id, timestamp: new Date(timestampMs) })
        expect(Number(usdOfPico(ours.total)), id).toBeCloseTo(theirs?.total_price ?? Number.NaN, 10)
        compared += 1
      }
    }
    expect(compared).toBeGreaterThan(50)
  })
})

describe('a call', () => {
  const call = { provider: undefined, model: 'gpt-4o', timestampMs: at('2026-06-01'), batch: false }

  test('of an unknown model is unpriced, not free', () => {
    const tokens = { ...none, input_uncached: 10 }
    expect(priceCall(book, { ...call, model: 'our-own-model', tokens })).toEqual({
      state: 'unpriced',
      reason: 'unknown-model',
    })
  })

  test('without usage is unpriced', () => {
    expect(priceCall(book, { ...call, tokens: undefined })).toEqual({ state: 'unpriced', reason: 'unknown-usage' })
  })

  test('with tokens in a class that has no rate is unpriced as a whole', () => {
    const tokens = { ...none, input_uncached: 10, cache_write_1h: 1 }
    expect(priceCall(book, { ...call, tokens })).toEqual({ state: 'unpriced', reason: 'no-rate:cache_write_1h' })
  })

  test('of a batch costs half, and is unpriced where no batch price is known', () => {
    const tokens = { ...none, input_uncached: 1_000_000, output_text: 1_000_000 }
    const full = priceCall(book, { ...call, tokens })
    const batch = priceCall(book, { ...call, tokens, batch: true })
    expect(full.state === 'priced' && usdOfPico(full.total)).toBe('12.5')
    expect(batch.state === 'priced' && usdOfPico(batch.total)).toBe('6.25')
    const elsewhere = { ...call, provider: 'x-ai', model: 'grok-4.3', tokens, batch: true }
    expect(priceCall(book, elsewhere)).toEqual({ state: 'unpriced', reason: 'no-batch-rate' })
  })

  test('keeps half of a 75 nano-dollar rate exact', () => {
    expect(costOfTokens(1, rateFromUsdPerMtok(0.075), HALF_PRICE)).toBe(37_500n)
  })
})
