import type { Clock } from '@apex/kit/clock'
import type { Sql } from 'postgres'
import type { ChatEvents } from '../events.ts'
import type { ActiveRuns } from './active-runs.ts'
import type { RunEngine } from './engine.ts'
import type { Journal, UserKey } from './journal.ts'
import { forgetNodes, listSilentNodes, touchNode } from './node-store.ts'
import type { RunEnding } from './run-ending.ts'
import type { RunQueue } from './run-queue.ts'
import type { RunRecord } from './run-record.ts'
import { findRunToWork, listFinishedAmong, listRunning, listUsersToPromote, lockUser } from './run-store.ts'

export type SweeperOptions = {
  sql: Sql
  journal: Journal
  engine: Pick<RunEngine, 'begin' | 'takeOver'>
  active: ActiveRuns
  queue: RunQueue
  ending: RunEnding
  clock: Clock
  events: ChatEvents
  executorId: string
  runningPerUser: number
  intervalMs?: number
  /** A node not heard of for so long is taken for dead. */
  silentMs?: number
  /** Done every minute beside the rounds, such as forgetting what has expired. */
  chores?: readonly (() => Promise<void>)[]
}

const CHORES_EVERY_MS = 60_000

/** Puts right what a crash, a lost message or another node left undone: every second, and safe to repeat. */
export class Sweeper implements AsyncDisposable {
  readonly #options: SweeperOptions
  readonly #stop = new AbortController()
  #loop: Promise<void> | undefined
  #choresAtMs = Number.NEGATIVE_INFINITY

  constructor(options: SweeperOptions) {
    this.#options = options
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  /** One round, every part of which is tried even if another fails. */
  async sweep(): Promise<void> {
    const parts = [() => this.#heartbeat(), () => this.#running(), () => this.#waiting(), () => this.#stopElsewhere()]
    for (const part of [...parts, ...this.#dueChores()]) {
      try {
        await part()
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#options.events.sweepFailed({ error })
      }
    }
  }

  async #run(): Promise<void> {
    const { clock, intervalMs = 1_000 } = this.#options
    while (!this.#stop.signal.aborted) {
      await this.sweep()
      await clock.sleep(intervalMs, this.#stop.signal).catch(() => undefined)
    }
  }

  #dueChores(): readonly (() => Promise<void>)[] {
    const nowMs = this.#options.clock.nowMs()
    if (nowMs - this.#choresAtMs < CHORES_EVERY_MS) return []
    this.#choresAtMs = nowMs
    return this.#options.chores ?? []
  }

  async #heartbeat(): Promise<void> {
    const { engine, events, executorId, silentMs = 15_000, sql } = this.#options
    await touchNode(sql, executorId)
    const executorIds = await listSilentNodes(sql, executorId, silentMs)
    if (executorIds.length === 0) return
    await engine.takeOver(executorIds)
    await forgetNodes(sql, executorIds, silentMs)
    events.runTakenOver({ executorIds })
  }

  // Begins what was accepted but never begun, and ends what is out of time.
  async #running(): Promise<void> {
    const { active, clock, engine, sql } = this.#options
    const mine = new Set(active.ids())
    const nowMs = clock.nowMs()
    for (const run of await listRunning(sql)) {
      if (run.deadlineAt.getTime() <= nowMs) await this.#expire(run)
      else if (!mine.has(run.id)) await engine.begin({ runId: run.id, organizationId: run.organizationId })
    }
  }

  async #expire(found: Pick<RunRecord, 'id' | 'organizationId'>): Promise<void> {
    const { ending, journal, sql } = this.#options
    const run = await findRunToWork(sql, found.organizationId, found.id)
    if (!run) return
    const minutes = Math.round((run.deadlineAt.getTime() - (run.startedAt ?? run.createdAt).getTime()) / 60_000)
    const detail =
      `The answer took longer than the ${Math.max(1, minutes)} minutes a question may take, so it was ended. ` +
      'What is shown so far stays. Ask again, perhaps about a shorter period.'
    const title = 'It took too long'
    const error = {
      code: 'timeout',
      title,
      detail,
      retryable: true,
      charged: false,
      requestId: run.correlationId,
    } as const
    await journal.commit(async (transaction) => {
      await lockUser(transaction.sql, run)
      if (await transaction.lock(run)) await ending.end(transaction, run, { outcome: 'failed', reason: detail, error })
    })
  }

  async #waiting(): Promise<void> {
    const { runningPerUser, sql } = this.#options
    for (const user of await listUsersToPromote(sql, runningPerUser)) await this.#promote(user)
  }

  async #promote(user: UserKey): Promise<void> {
    await this.#options.journal.commit(async (transaction) => {
      await lockUser(transaction.sql, user)
      await this.#options.queue.promote(transaction, user)
    })
  }

  // A stop that another node took reaches the work here through the table.
  async #stopElsewhere(): Promise<void> {
    const { active, sql } = this.#options
    const mine = active.ids()
    if (mine.length === 0) return
    for (const runId of await listFinishedAmong(sql, mine)) active.abort(runId)
  }
}
