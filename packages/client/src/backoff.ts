import { LIMITS } from '@apex/protocol/limits'

/** Full jitter: a random time up to 0.5 s × 2^attempt, at most 30 s; `attempt` counts from 0, `random` is in [0, 1). */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(LIMITS.backoffCapMs, LIMITS.backoffBaseMs * 2 ** Math.min(attempt, 16))
}

/** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    function stop() {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}
