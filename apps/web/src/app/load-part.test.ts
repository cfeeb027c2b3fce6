import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadPart } from './load-part.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('a part that does not come while the server is away comes when it is back', async () => {
  let away = 3
  const part = loadPart(async () => {
    if (away-- > 0) throw new TypeError('Failed to fetch dynamically imported module')
    return 'the part'
  })
  await vi.runAllTimersAsync()

  expect(await part).toBe('the part')
})

test('a part that is gone for good ends with its error', async () => {
  const gone = new TypeError('gone')
  const part = loadPart(() => Promise.reject(gone))
  const ended = expect(part).rejects.toBe(gone)
  await vi.runAllTimersAsync()

  await ended
})
