import type { Sql } from 'postgres'
import type { RunEngine } from './engine.ts'
import { listUnfinishedAmong } from './run-store.ts'

const AT_ONCE = 500

/**
 * Lets the engine forget the runs that have ended or were erased: what its checkpoints hold are the run's texts, which
 * nothing reads any more. One that another node still works on is kept, whatever this engine believes of it.
 */
export async function forgetEndedRuns(engine: Pick<RunEngine, 'listEnded' | 'forget'>, sql: Sql): Promise<void> {
  const ended = await engine.listEnded(AT_ONCE)
  const unfinished = new Set(await listUnfinishedAmong(sql, ended))
  await engine.forget(ended.filter((runId) => !unfinished.has(runId)))
}
