import type { Clock } from '@apex/kit/clock'

const BEAT_MS = 4_000

/** Waits for `work` and calls `beat` every few seconds meanwhile, so that a watcher always sees a sign of life. */
export async function withHeartbeat<T>(work: Promise<T>, clock: Clock, beat: () => Promise<void>): Promise<T> {
  const ended = new AbortController()
  const beating = beatUntil(ended.signal, clock, beat)
  try {
    return await work
  } finally {
    ended.abort()
    await beating
  }
}

async function beatUntil(signal: AbortSignal, clock: Clock, beat: () => Promise<void>): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(BEAT_MS, signal)
      await beat()
    }
  } catch {
    // Either the work has ended or the step may append no more, which the step's own next append reports.
  }
}
