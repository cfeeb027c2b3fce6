import { describe, expect, test } from 'vitest'
import { BusyError } from './app-error.ts'
import { PoolShare } from './pool-share.ts'
import { waitFor } from './testing/wait-for.ts'

function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

describe('PoolShare', () => {
  test('lets one user hold only its fraction while others pass', async () => {
    const share = new PoolShare({ max: 8, fraction: 0.25 })
    const held = gate()
    let greedy = 0
    const work = Array.from({ length: 6 }, () =>
      share.run('greedy', async () => {
        greedy += 1
        await held.opened
      }),
    )

    expect(await share.run('modest', async () => 'served')).toBe('served')
    expect(greedy).toBe(2)
    expect(share.stats()).toEqual({ users: 1, active: 2, waiting: 4 })

    held.open()
    await Promise.all(work)
    expect(greedy).toBe(6)
    expect(share.stats()).toEqual({ users: 0, active: 0, waiting: 0 })
  })

  test('refuses with busy beyond the queue, and after the wait', async () => {
    const share = new PoolShare({ max: 1, maxQueuedPerUser: 1, maxWaitMs: 20 })
    const held = gate()
    const first = share.run('one', () => held.opened)
    const second = share.run('one', async () => 'late')
    const third = share.run('one', async () => 'too many')

    await expect(third).rejects.toThrow(BusyError)
    await expect(second).rejects.toMatchObject({ code: 'busy', retryable: true })
    held.open()
    await first
    await waitFor(() => share.stats().users === 0)
  })

  test('a failure gives its place back', async () => {
    const share = new PoolShare({ max: 1 })
    await expect(share.run('one', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')

    expect(await share.run('one', async () => 'next')).toBe('next')
  })
})
