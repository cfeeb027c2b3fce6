import type { Thread } from '@apex/protocol/thread'
import { describe, expect, test } from 'vitest'
import { groupThreads, searchThreads } from './thread-groups.ts'

function thread(title: string, updatedAt: Date): Thread {
  const at = updatedAt.toISOString()
  return { id: title, title, epoch: 1, lastSeq: 1, activeRunId: null, createdAt: at, updatedAt: at }
}

const now = new Date(2026, 5, 16, 9, 30)
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000)

describe('threads by day', () => {
  test("follow the reader's calendar, newest first", () => {
    const threads = [
      thread('before midnight', new Date(2026, 5, 15, 23, 59)),
      thread('after midnight', new Date(2026, 5, 16, 0, 1)),
      thread('just now', minutesAgo(1)),
      thread('last week', new Date(2026, 5, 9, 12, 0)),
    ]
    const groups = groupThreads(threads, now).map(({ day, threads }) => [day, threads.map(({ title }) => title)])
    expect(groups).toEqual([
      ['today', ['just now', 'after midnight']],
      ['yesterday', ['before midnight']],
      ['earlier', ['last week']],
    ])
  })

  test('leave out days without threads', () => {
    expect(groupThreads([thread('a', minutesAgo(5))], now).map(({ day }) => day)).toEqual(['today'])
    expect(groupThreads([], now)).toEqual([])
  })
})

test('a search finds titles that hold every word, whatever the case and accents', () => {
  const threads = [thread('Coût du café', now), thread('Cost of caching', now)]
  expect(searchThreads(threads, 'CAFE cout').map(({ title }) => title)).toEqual(['Coût du café'])
  expect(searchThreads(threads, '  ')).toHaveLength(2)
})
