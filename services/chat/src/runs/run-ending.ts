import type { Clock } from '@apex/kit/clock'
import type { Problem } from '@apex/protocol/error'
import type { ReportKind } from '@apex/protocol/report'
import type { RunOutcome } from '@apex/protocol/run'
import { FIVE_EVENTS } from '@apex/protocol/thread-event'
import type { ChatEvents } from '../events.ts'
import type { JournalTransaction } from './journal.ts'
import type { RunQueue } from './run-queue.ts'
import type { RunRecord } from './run-record.ts'
import { lockRun, markFinished } from './run-store.ts'

export type Ending = {
  outcome: RunOutcome
  /** For a person: why it ended. */
  reason: string
  reportKind?: ReportKind | null
  /** Sum over the model calls; by default what the log says. */
  costUsd?: string | null
  error?: Pick<Problem, 'code' | 'title' | 'detail' | 'retryable' | 'charged' | 'requestId'>
}

export type RunEndingOptions = {
  clock: Clock
  queue: RunQueue
  events: ChatEvents
  /** Called after the commit, so that whoever works on the run stops. */
  onEnded: (runId: string) => void
}

/** The one place where a run ends: once, with the last event of the run, and the slot passed on. */
export class RunEnding {
  readonly #options: RunEndingOptions

  constructor(options: RunEndingOptions) {
    this.#options = options
  }

  /**
   * Ends a run unless it has ended; returns the position of its run_finished and whether this call made it. The caller
   * holds the locks of the person and the thread.
   */
  async end(journal: JournalTransaction, run: RunRecord, ending: Ending): Promise<{ seq: number; ended: boolean }> {
    const current = await lockRun(journal.sql, run.organizationId, run.id)
    if (!current || current.state === 'finished') return { seq: current?.finishedSeq ?? 0, ended: false }
    const { clock, events, onEnded, queue } = this.#options
    const finishedAt = new Date(clock.nowMs())
    const summary = await journal.summarise(current, current.id)
    const missingEvents = FIVE_EVENTS.filter((type) => !summary.eventTypes.includes(type))
    const durationMs = current.startedAt ? Math.max(0, finishedAt.getTime() - current.startedAt.getTime()) : 0
    const costUsd = ending.costUsd === undefined ? summary.costUsd : ending.costUsd
    const { outcome, reason } = ending
    const error = ending.error && { ...ending.error, charged: costUsd === null || Number(costUsd) > 0 }
    const payload = { outcome, reason, durationMs, costUsd, missingEvents, ...(error ? { error } : {}) }
    const { correlationId, replyMessageId } = current
    const { lastSeq } = await journal.append(current, [
      { type: 'run_finished', payload, runId: current.id, messageId: replyMessageId, correlationId },
    ])
    const reportKind = ending.reportKind ?? null
    await markFinished(journal.sql, current, { outcome, reportKind, costUsd, finishedAt, finishedSeq: lastSeq })
    await queue.promote(journal, current)
    journal.afterCommit(() => {
      onEnded(current.id)
      events.runFinished({ runId: current.id, outcome, durationMs, missingEvents })
    })
    return { seq: lastSeq, ended: true }
  }
}
