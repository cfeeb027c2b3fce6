import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

/** How a process ended; a process that could not be started ends with code 127. */
export type ChildExit = { code: number | null; signal: NodeJS.Signals | null }

/** Resolves when the process has ended, at once if it has already. */
export function childExit(child: ChildProcess): Promise<ChildExit> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode })
  }
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: 127, signal: null })
    })
  })
}

/** Sends each signal in turn and waits its time for the process to end; the last one should be SIGKILL. */
export async function endChild(
  child: ChildProcess,
  steps: readonly { signal: NodeJS.Signals; waitMs: number }[],
): Promise<void> {
  const ended = childExit(child).then(() => true)
  for (const { signal, waitMs } of steps) {
    child.kill(signal)
    const timer = new AbortController()
    const inTime = await Promise.race([ended, delay(waitMs, false, { signal: timer.signal }).catch(() => false)])
    timer.abort()
    if (inTime) return
  }
  await ended
}

/** How an ended process reads in a message: `exit code 1` or `signal SIGKILL`. */
export function describeExit({ code, signal }: ChildExit): string {
  return signal ? `signal ${signal}` : `exit code ${code}`
}
