import type { Thread } from '@apex/protocol/thread'
import { type DayGroup, dayGroup } from '../format/instant.ts'

export type ThreadGroup = { day: DayGroup; threads: Thread[] }

const DAYS: readonly DayGroup[] = ['today', 'yesterday', 'earlier']

/** Threads by the day they were last touched, newest first, without empty groups. */
export function groupThreads(threads: readonly Thread[], now: Date): ThreadGroup[] {
  const newestFirst = threads.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt))
  return DAYS.map((day) => ({
    day,
    threads: newestFirst.filter((thread) => dayGroup(thread.updatedAt, now) === day),
  })).filter((group) => group.threads.length > 0)
}

/** Threads whose title holds every word of the search, whatever the case and accents. */
export function searchThreads(threads: readonly Thread[], search: string): Thread[] {
  const words = fold(search).split(/\s+/).filter(Boolean)
  return threads.filter((thread) => {
    const title = fold(thread.title)
    return words.every((word) => title.includes(word))
  })
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
}
