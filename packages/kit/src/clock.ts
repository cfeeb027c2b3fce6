/** Time as a dependency: epoch milliseconds, and a wait that an abort signal ends early by rejecting. */
export type Clock = {
  nowMs: () => number
  sleep: (durationMs: number, signal?: AbortSignal) => Promise<void>
}

/** The machine's own time. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (durationMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }, durationMs)
      function abort(): void {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
    }),
}
