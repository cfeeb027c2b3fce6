import type { Clock } from '@apex/kit/clock'
import type { Log } from '@apex/kit/log'
import type { RevocationStore } from './revocations/revocation-store.ts'
import type { SessionStore } from './sessions/session-store.ts'
import type { AttemptStore } from './throttle/attempt-store.ts'

const hourMs = 3_600_000

export type MaintenanceDependencies = {
  sessions: SessionStore
  revocations: RevocationStore
  attempts: AttemptStore
  absoluteMs: number
  clock: Clock
  log: Log
}

/** Every hour removes what no longer says anything: ended sessions, old revocations and forgotten failures. */
export async function runMaintenance(deps: MaintenanceDependencies, signal: AbortSignal): Promise<void> {
  const { sessions, revocations, attempts, absoluteMs, clock, log } = deps
  while (!signal.aborted) {
    const nowMs = clock.nowMs()
    try {
      await sessions.removeExpired(new Date(nowMs), new Date(nowMs - absoluteMs))
      await revocations.removeBefore(new Date(nowMs - hourMs))
      await attempts.removeBefore(new Date(nowMs - 48 * hourMs))
    } catch (error) {
      log.warn({ error }, 'maintenance failed; trying again in an hour')
    }
    await clock.sleep(hourMs, signal).catch(() => undefined)
  }
}
