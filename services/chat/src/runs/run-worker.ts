import { retry } from '@apex/kit/backoff'
import type { Clock } from '@apex/kit/clock'
import { runWithCorrelation } from '@apex/kit/correlation'
import { problemOf, toAppError } from '@apex/kit/http/problem'
import type { ReportKind } from '@apex/protocol/report'
import type { Sql } from 'postgres'
import type { RunContext, RunFacts } from '../agents/run-context.ts'
import { StepFencedError } from '../errors.ts'
import type { ChatEvents } from '../events.ts'
import type { ActiveRuns } from './active-runs.ts'
import type { CrashPoint } from './crash-point.ts'
import { createDurableRunContext } from './durable-run-context.ts'
import type { RunEngine, RunRef } from './engine.ts'
import type { Journal } from './journal.ts'
import type { Ending, RunEnding } from './run-ending.ts'
import type { RunRecord } from './run-record.ts'
import { findRunToWork, lockUser } from './run-store.ts'

/** Answers a run's question through its steps; what it throws fails the run. */
export type Conductor = (
  context: RunContext,
  run: { role: string },
) => Promise<{ reportKind: ReportKind | null; costUsd: string | null }>

export type RunWorkerOptions = {
  sql: Sql
  journal: Journal
  engine: Pick<RunEngine, 'checkpoint'>
  active: ActiveRuns
  ending: RunEnding
  crashPoint: CrashPoint
  clock: Clock
  events: ChatEvents
  conduct: Conductor
  /** Earlier turns of the branch that a message continues, oldest first. */
  history: (run: { threadId: string; organizationId: string; messageId: string }) => Promise<RunFacts['history']>
}

/** Works on one run from wherever it was left until it has ended. */
export class RunWorker {
  readonly #options: RunWorkerOptions

  constructor(options: RunWorkerOptions) {
    this.#options = options
  }

  /** Resolves when the run has ended; never, when the process is ending; rejects when another attempt has the run. */
  async execute({ runId, organizationId }: RunRef): Promise<void> {
    const { active } = this.#options
    try {
      const run = await this.#persist(() => findRunToWork(this.#options.sql, organizationId, runId))
      if (run?.state !== 'running') return
      const controller = active.enter(runId)
      try {
        await runWithCorrelation(run.correlationId, () => this.#work(run, controller.signal))
      } finally {
        active.leave(runId, controller)
      }
    } catch (error) {
      if (active.closing) return active.forsake(runId)
      throw error
    }
  }

  async #work(run: RunRecord, signal: AbortSignal): Promise<void> {
    const { active, conduct, crashPoint } = this.#options
    let ending: Ending
    try {
      const facts = await this.#persist(() => this.#facts(run))
      const result = await conduct(createDurableRunContext({ ...this.#options, facts, signal }), run)
      ending = { outcome: 'completed', reason: 'The answer is complete.', ...result }
    } catch (error) {
      if (active.closing) throw error
      ending = this.#failure(run, error, signal)
    }
    // What an interrupted conductor returned is no answer; the next start asks it again.
    if (active.closing) signal.throwIfAborted()
    crashPoint('before-run-finished')
    await this.#persist(() => this.#end(run, ending))
  }

  #failure(run: RunRecord, error: unknown, signal: AbortSignal): Ending {
    if (error instanceof StepFencedError && error.reason === 'superseded') throw error
    // The run has ended already; ending it once more changes nothing.
    if (signal.aborted || error instanceof StepFencedError) return { outcome: 'stopped', reason: 'Stopped.' }
    this.#options.events.runFailed({ runId: run.id, error })
    const { code, title, detail, retryable, charged, requestId } = problemOf(toAppError(error), run.correlationId)
    return { outcome: 'failed', reason: detail, error: { code, title, detail, retryable, charged, requestId } }
  }

  #end(run: RunRecord, ending: Ending): Promise<unknown> {
    return this.#options.journal.commit(async (journal) => {
      await lockUser(journal.sql, run)
      if (await journal.lock(run)) await this.#options.ending.end(journal, run, ending)
    })
  }

  async #facts(run: RunRecord): Promise<RunFacts> {
    const { id, threadId, organizationId, userId, replyMessageId, question, correlationId, startedAt, createdAt } = run
    const history = await this.#options.history(run)
    const at = (startedAt ?? createdAt).toISOString()
    return {
      runId: id,
      threadId,
      organizationId,
      userId,
      replyMessageId,
      question,
      history,
      correlationId,
      startedAt: at,
    }
  }

  // A database that is away for a while must not leave a run without its end, so this waits for it.
  #persist<T>(work: () => Promise<T>): Promise<T> {
    const { active, clock } = this.#options
    const retryable = (error: unknown) => !active.closing && toAppError(error).retryable
    return retry(work, { attempts: 1_000, baseMs: 200, capMs: 1_000, clock, retryable })
  }
}
