import type { Clock } from '@apex/kit/clock'
import { LIMITS } from '@apex/protocol/limits'
import { v7 as uuidv7 } from 'uuid'
import { QueueFullError } from '../errors.ts'
import type { JournalTransaction, UserKey } from './journal.ts'
import type { RunRecord } from './run-record.ts'
import { countLoad, insertRun, listPromotable, markRunning, type NewRun } from './run-store.ts'

/** Who answers: shown when a run starts. */
export type AnsweringModel = { model: string; offline: boolean }

export type RunQueueOptions = {
  clock: Clock
  model: AnsweringModel
  /** Runs of one person that work at the same time. */
  runningPerUser: number
  /** Runs of one person that may wait. */
  queuedPerUser: number
  deadlineMs?: number
  /** Called after the commit that gave a run its slot. */
  onStarted: (run: { runId: string; organizationId: string }) => void
}

export type AcceptedRun = Pick<NewRun, 'threadId' | 'messageId' | 'question' | 'correlationId' | 'role'> & UserKey

/** Who waits and who works: a slot per running run of a person, one running run per thread, oldest first. */
export class RunQueue {
  readonly #options: RunQueueOptions
  readonly #deadlineMs: number

  constructor(options: RunQueueOptions) {
    this.#options = options
    this.#deadlineMs = options.deadlineMs ?? LIMITS.runDeadlineMs
  }

  /** Facts of a run about to be accepted; throws QueueFullError. The caller holds the person's lock. */
  async reserve(journal: JournalTransaction, run: AcceptedRun): Promise<ReservedRun> {
    const { runningPerUser, queuedPerUser } = this.#options
    const load = await countLoad(journal.sql, run, run.threadId)
    if (load.queued >= queuedPerUser) throw new QueueFullError(queuedPerUser)
    const place = describePlace(load, runningPerUser)
    return { ...run, id: uuidv7(), replyMessageId: uuidv7(), ...place }
  }

  /** Stores a reserved run after its message and starts it if a slot is free; returns the last position. */
  async accept(journal: JournalTransaction, run: ReservedRun): Promise<number> {
    const nowMs = this.#options.clock.nowMs()
    const { ahead, reason, ...facts } = run
    await insertRun(journal.sql, {
      ...facts,
      waitingFor: reason,
      createdAt: new Date(nowMs),
      deadlineAt: new Date(nowMs + this.#deadlineMs),
    })
    const { lastSeq } = await journal.append(run, [
      { type: 'run_queued', payload: { ahead, reason }, runId: run.id, correlationId: run.correlationId },
    ])
    const started = await this.promote(journal, run)
    return started.get(run.id) ?? lastSeq
  }

  /** Gives free slots to the longest waiting runs; returns their positions. The caller holds the person's lock. */
  async promote(journal: JournalTransaction, user: UserKey): Promise<Map<string, number>> {
    const started = new Map<string, number>()
    const { running } = await countLoad(journal.sql, user, NO_THREAD)
    const free = this.#options.runningPerUser - running
    if (free <= 0) return started
    for (const run of await listPromotable(journal.sql, user, free))
      started.set(run.id, await this.#start(journal, run))
    return started
  }

  async #start(journal: JournalTransaction, run: RunRecord): Promise<number> {
    const { clock, model, onStarted } = this.#options
    const startedAt = new Date(clock.nowMs())
    const deadlineAt = new Date(startedAt.getTime() + this.#deadlineMs)
    const { replyMessageId, question, correlationId, organizationId } = run
    const payload = { replyMessageId, deadlineAt: deadlineAt.toISOString(), ...model, question }
    const { lastSeq } = await journal.append(run, [{ type: 'run_started', payload, runId: run.id, correlationId }])
    await markRunning(journal.sql, run, { startedAt, deadlineAt })
    journal.afterCommit(() => onStarted({ runId: run.id, organizationId }))
    return lastSeq
  }
}

export type ReservedRun = AcceptedRun & { id: string; replyMessageId: string; ahead: number; reason: string }

const NO_THREAD = '00000000-0000-0000-0000-000000000000'

function describePlace(
  load: { running: number; queued: number; inThread: number },
  limit: number,
): { ahead: number; reason: string } {
  if (load.inThread > 0) {
    return { ahead: load.inThread, reason: 'Waits for the question before it in this conversation.' }
  }
  if (load.running < limit) return { ahead: 0, reason: 'Starting.' }
  const many = limit === 1 ? 'Another of your questions is' : `${limit} of your other questions are`
  return { ahead: load.running + load.queued, reason: `${many} being answered; this one starts when one ends.` }
}
