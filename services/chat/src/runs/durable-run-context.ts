import { AppError } from '@apex/kit/app-error'
import { retry } from '@apex/kit/backoff'
import type { Clock } from '@apex/kit/clock'
import { toAppError } from '@apex/kit/http/problem'
import { type Json, normaliseJson } from '@apex/protocol/text'
import type { RunContext, RunEventInput, RunFacts, StepContext, StepOutcome } from '../agents/run-context.ts'
import { StepFencedError } from '../errors.ts'
import type { ChatEvents } from '../events.ts'
import type { ActiveRuns } from './active-runs.ts'
import type { CrashPoint } from './crash-point.ts'
import type { RunEngine } from './engine.ts'
import type { Journal, JournalTransaction, LogEntry } from './journal.ts'
import { claimAttempt, findStepResult, insertStepResult, readFence } from './step-store.ts'

export type DurableRunOptions = {
  facts: RunFacts
  signal: AbortSignal
  journal: Journal
  engine: Pick<RunEngine, 'checkpoint'>
  active: Pick<ActiveRuns, 'closing' | 'forsake'>
  crashPoint: CrashPoint
  clock: Clock
  events: ChatEvents
  /** Tries of one step before its error goes to the conductor. */
  attemptsPerStep?: number
}

type StepBody<Result extends Json> = (step: StepContext) => Promise<StepOutcome<Result>>

/**
 * A run's steps on Postgres: an attempt claims the fence, appends while it holds it, and commits its last events and its
 * result together. A repeated step returns that result; an overtaken attempt can append nothing.
 */
export function createDurableRunContext(options: DurableRunOptions): RunContext {
  const steps = new DurableSteps(options)
  return {
    facts: options.facts,
    signal: options.signal,
    step: (stepId, body) => options.engine.checkpoint(stepId, () => steps.run(stepId, body)),
    crashPoint: options.crashPoint,
  }
}

class DurableSteps {
  readonly #options: DurableRunOptions

  constructor(options: DurableRunOptions) {
    this.#options = options
  }

  async run<Result extends Json>(stepId: string, body: StepBody<Result>): Promise<Result> {
    const { active, attemptsPerStep = 3, clock, signal } = this.#options
    const tries = { attempts: attemptsPerStep, baseMs: 500, capMs: 5_000 }
    const retryable = (error: unknown) => !signal.aborted && deservesRetry(error)
    try {
      return await retry(() => this.#attempt(stepId, body), { ...tries, clock, signal, retryable })
    } catch (error) {
      if (active.closing) return active.forsake(this.#runId)
      throw error
    }
  }

  async #attempt<Result extends Json>(stepId: string, body: StepBody<Result>): Promise<Result> {
    this.#options.signal.throwIfAborted()
    const begun = await this.#begin(stepId)
    if ('result' in begun) return begun.result as Result
    const { attempt } = begun
    const fence = new AbortController()
    const { crashPoint, signal } = this.#options
    const outcome = await body({
      attempt,
      signal: AbortSignal.any([signal, fence.signal]),
      append: (events) =>
        this.#guarded(fence, { stepId, attempt }, (journal) => this.#append(journal, events, { stepId, attempt })),
    })
    const result = normaliseJson(outcome.result) as Result
    await this.#guarded(fence, { stepId, attempt }, async (journal) => {
      await this.#append(journal, outcome.events ?? [], { stepId, attempt })
      await insertStepResult(journal.sql, { runId: this.#runId, stepId }, result)
    })
    crashPoint('after-commit-before-checkpoint')
    return result
  }

  /** Returns the committed result, or claims the next attempt and withdraws what the one before had appended. */
  async #begin(stepId: string): Promise<{ result: Json } | { attempt: number }> {
    const { events, facts, journal } = this.#options
    const step = { runId: this.#runId, stepId }
    return journal.commit(async (transaction) => {
      await this.#lockRunning(transaction, { stepId, attempt: 0 })
      const done = await findStepResult(transaction.sql, step)
      if (done) return done
      const attempt = await claimAttempt(transaction.sql, step)
      if (attempt === 1) return { attempt }
      const superseded = { ...step, attempt: attempt - 1 }
      if (await transaction.hasAppended(facts, superseded)) {
        const reason = 'The step was interrupted and is tried again.'
        const payload = { supersededStepId: stepId, supersededAttempt: attempt - 1, reason }
        const { correlationId } = facts
        await transaction.append(facts, [{ type: 'attempt_superseded', payload, runId: step.runId, correlationId }])
      }
      transaction.afterCommit(() => events.stepRepeated({ ...step, attempt }))
      return { attempt }
    })
  }

  /** Runs `work` in a transaction that holds the fence; a lost fence also aborts the attempt's signal. */
  async #guarded(
    fence: AbortController,
    step: { stepId: string; attempt: number },
    work: (journal: JournalTransaction) => Promise<void>,
  ): Promise<void> {
    try {
      await this.#options.journal.commit(async (transaction) => {
        await this.#lockRunning(transaction, step)
        await work(transaction)
      })
    } catch (error) {
      if (error instanceof StepFencedError) {
        fence.abort(error)
        this.#options.events.stepFenced(error)
      }
      throw error
    }
  }

  // The thread's lock comes first: every change of a fence or of a run's state is made under it.
  async #lockRunning(
    transaction: JournalTransaction,
    { stepId, attempt }: { stepId: string; attempt: number },
  ): Promise<void> {
    const runId = this.#runId
    const { facts } = this.#options
    const exists = await transaction.lock(facts)
    const { organizationId } = facts
    const fence = exists ? await readFence(transaction.sql, { runId, stepId, organizationId }) : undefined
    if (!fence?.running) throw new StepFencedError({ runId, stepId, attempt, reason: 'ended' })
    if (attempt > 0 && fence.attempt !== attempt) {
      throw new StepFencedError({ runId, stepId, attempt, reason: 'superseded' })
    }
  }

  async #append(
    transaction: JournalTransaction,
    events: readonly RunEventInput[],
    step: { stepId: string; attempt: number },
  ): Promise<void> {
    if (events.length === 0) return
    const { correlationId } = this.#options.facts
    const entries = events.map((event): LogEntry => ({ ...event, ...step, runId: this.#runId, correlationId }))
    await transaction.append(this.#options.facts, entries)
  }

  get #runId(): string {
    return this.#options.facts.runId
  }
}

// The thrower says whether to retry; a database that was away counts, as nothing of the attempt was lost but time.
function deservesRetry(error: unknown): boolean {
  if (error instanceof StepFencedError) return false
  if (error instanceof AppError) return error.retryable
  const { retryable } = error as { retryable?: unknown }
  return typeof retryable === 'boolean' ? retryable : toAppError(error).retryable
}
