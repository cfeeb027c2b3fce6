/** Time as a session sees it; milliseconds since 1970. */
export type Timers = {
  now(): number
  /** Calls back once after `ms`; the returned function takes it back. */
  after(ms: number, callback: () => void): () => void
}

/** The clock of the machine. */
export function systemTimers(): Timers {
  return {
    now: Date.now,
    after(ms, callback) {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
  }
}
