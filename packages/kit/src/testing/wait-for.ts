import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks `condition` every few milliseconds until it answers something truthy, and returns that. A condition that throws
 * counts as not yet; at the end of the time its last error, or `what`, is thrown.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 5_000, what = 'the condition' }: { timeoutMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs
  let lastError: unknown
  for (;;) {
    try {
      const value = await condition()
      if (value) return value
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (performance.now() > deadline) {
      throw new Error(`${what} did not come true within ${timeoutMs} ms`, lastError ? { cause: lastError } : undefined)
    }
    await delay(10)
  }
}
