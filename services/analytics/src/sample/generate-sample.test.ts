import { CallInput } from '@apex/protocol/call'
import { describe, expect, test } from 'vitest'
import { generateSample } from './generate-sample.ts'

const now = Date.UTC(2026, 5, 15, 9, 41)

describe('the generated sample', () => {
  const calls = generateSample(now)

  test('is made of valid calls in the order of time, all in the thirty days before today', () => {
    expect(calls.length).toBeGreaterThan(6_000)
    expect(calls.map((call) => CallInput.safeParse(call).success)).not.toContain(false)
    const times = calls.map((call) => Number(call.timestamp))
    expect(times).toEqual(times.toSorted((left, right) => left - right))
    expect(times[0]).toBeGreaterThanOrEqual(Date.UTC(2026, 4, 16))
    expect(times.at(-1)).toBeLessThan(Date.UTC(2026, 5, 15))
  })

  test('is the same for the same day and another for another', () => {
    expect(generateSample(now + 3_600_000)).toEqual(calls)
    expect(generateSample(now + 86_400_000)).not.toEqual(calls)
  })

  test('has something to find: a jump, failures, an unpriced model, cached reads and shared prefixes', () => {
    const input = (from: number, to: number) => {
      const found = calls.filter(({ feature, status, timestamp }) => {
        const day = (Number(timestamp) - Date.UTC(2026, 4, 16)) / 86_400_000
        return feature === 'reply' && status === 'ok' && day >= from && day < to
      })
      return found.reduce((sum, call) => sum + (call.input_uncached_tokens ?? 0), 0) / found.length
    }
    expect(input(19, 30) / input(0, 19)).toBeGreaterThan(1.3)
    expect(calls.some((call) => call.status === 'error')).toBe(true)
    expect(calls.some((call) => call.model === 'harbour-tone-7b')).toBe(true)
    expect(calls.some((call) => (call.cache_read_tokens ?? 0) > 0)).toBe(true)
    const reply = calls.filter((call) => call.feature === 'reply' && call.prefix_hashes)
    expect(new Set(reply.map((call) => call.prefix_hashes?.[0])).size).toBe(2)
  })
})
