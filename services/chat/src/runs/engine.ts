import type { Json } from '@apex/protocol/text'

export type RunRef = { runId: string; organizationId: string }

/**
 * What runs need of a durable workflow engine: work on a run begins once per run id, survives the death of its process,
 * and passes over checkpoints it has reached.
 */
export type RunEngine = AsyncDisposable & {
  /** Connects, and takes up this node's unfinished runs again. `execute` may be called more than once for a run. */
  start(execute: (run: RunRef) => Promise<void>): Promise<void>
  /** Begins work on a run unless it has ever begun, here or on another node. */
  begin(run: RunRef): Promise<void>
  /** Runs `work` at least once and remembers its result; a replay of the run returns what is remembered. */
  checkpoint<T extends Json>(stepId: string, work: () => Promise<T>): Promise<T>
  /** Takes over the unfinished runs of nodes that are gone. */
  takeOver(executorIds: string[]): Promise<void>
  /** Some of the runs on which no work is left, of whichever node. */
  listEnded(limit: number): Promise<string[]>
  /** Forgets runs with everything their checkpoints remember; one begun again would start from nothing. */
  forget(runIds: readonly string[]): Promise<void>
}
