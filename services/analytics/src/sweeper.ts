import type { Clock } from '@apex/kit/clock'
import type { AnalyticsEvents } from './events.ts'
import type { Batches } from './versions/batches.ts'

const INTERVAL_MS = 60_000

/** Every minute ends what writers of other processes left when they died, until the signal aborts. */
export async function runSweeps(
  { batches, clock, events }: { batches: Batches; clock: Clock; events: AnalyticsEvents },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(INTERVAL_MS, signal).catch(() => undefined)
    if (signal.aborted) return
    await batches.sweep().catch((error: unknown) => events.sweepFailed(error))
  }
}
