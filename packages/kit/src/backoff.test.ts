import { describe, expect, test } from 'vitest'
import { backoffDelayMs, retry } from './backoff.ts'
import { manualClock } from './testing/manual-clock.ts'
import { waitFor } from './testing/wait-for.ts'

describe('backoffDelayMs', () => {
  test('doubles its ceiling up to the cap and jitters below it', () => {
    const options = { baseMs: 500, capMs: 30_000, random: () => 0.999_999 }
    const ceilings = [0, 1, 2, 6, 7, 2_000].map((attempt) => backoffDelayMs(attempt, options))

    expect(ceilings).toEqual([499, 999, 1_999, 29_999, 29_999, 29_999])
    expect(backoffDelayMs(5, { ...options, random: () => 0 })).toBe(0)
  })
})

describe('retry', () => {
  test('waits between tries and returns the first success', async () => {
    const clock = manualClock()
    const seen: number[] = []
    const result = retry(
      async (attempt) => {
        seen.push(attempt)
        if (attempt < 2) throw new Error('not yet')
        return 'done'
      },
      { attempts: 5, baseMs: 100, capMs: 1_000, random: () => 0.5, clock },
    )
    for (let round = 0; round < 2; round += 1) {
      await waitFor(() => clock.sleepers() === 1)
      clock.advance(100)
    }

    expect(await result).toBe('done')
    expect(seen).toEqual([0, 1, 2])
  })

  test('gives up at once on a final error', async () => {
    let tries = 0
    const work = retry(
      async () => {
        tries += 1
        throw new Error('final')
      },
      { attempts: 5, baseMs: 1, capMs: 1, retryable: () => false },
    )

    await expect(work).rejects.toThrow('final')
    expect(tries).toBe(1)
  })
})
