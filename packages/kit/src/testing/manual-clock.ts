import type { Clock } from '../clock.ts'

/** A clock that moves only when told; sleepers wake in order of their time. */
export type ManualClock = Clock & {
  advance: (durationMs: number) => void
  /** How many waits are under way. */
  sleepers: () => number
}

type Sleeper = { atMs: number; wake: () => void }

/** A clock standing at `startMs`, by default 2026-01-01T00:00:00Z. */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs
  let waiting: Sleeper[] = []
  return {
    nowMs: () => nowMs,
    sleepers: () => waiting.length,
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const sleeper: Sleeper = { atMs: nowMs + durationMs, wake: resolve }
        signal?.addEventListener(
          'abort',
          () => {
            waiting = waiting.filter((each) => each !== sleeper)
            reject(signal.reason)
          },
          { once: true },
        )
        waiting.push(sleeper)
      }),
    advance(durationMs) {
      nowMs += durationMs
      const due = waiting.filter((each) => each.atMs <= nowMs).toSorted((a, b) => a.atMs - b.atMs)
      waiting = waiting.filter((each) => each.atMs > nowMs)
      for (const sleeper of due) sleeper.wake()
    },
  }
}
