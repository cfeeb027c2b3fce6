import { NotFoundError } from '@apex/kit/app-error'
import type { Clock } from '@apex/kit/clock'
import { transaction } from '@apex/kit/transaction'
import { type Json, normaliseJson } from '@apex/protocol/text'
import { EventBody, type ThreadEvent } from '@apex/protocol/thread-event'
import type { Sql, TransactionSql } from 'postgres'
import { v7 as uuidv7 } from 'uuid'
import type { Journal, JournalTransaction, LogEntry, ThreadKey } from '../runs/journal.ts'
import { projectEvents } from './projection.ts'
import {
  attemptHasEvents,
  claimPositions,
  type EventRow,
  insertEvents,
  readEventsAfter,
  type StoredEvent,
  summariseRun,
} from './thread-log-store.ts'
import { lockThread } from './thread-store.ts'
import type { ThreadWake, Wake } from './wake.ts'

/** Events after which the person's thread list looks different. */
const LISTED = new Set([
  'message_posted',
  'run_queued',
  'run_started',
  'run_finished',
  'report_published',
  'thread_renamed',
])

/**
 * The append-only history of threads: positions 1..n without holes, given under the thread's row lock in the same
 * transaction as the state they report. Readers are woken after the commit, and only then.
 */
export class ThreadLog implements Journal {
  readonly #sql: Sql
  readonly #wake: Wake
  readonly #clock: Clock

  constructor(sql: Sql, wake: Wake, clock: Clock) {
    this.#sql = sql
    this.#wake = wake
    this.#clock = clock
  }

  /** Runs `work` in one transaction; what it appended is announced once it is committed. */
  async commit<T>(work: (journal: JournalTransaction) => Promise<T>): Promise<T> {
    let wakes: ThreadWake[] = []
    let actions: (() => void)[] = []
    const result = await transaction(this.#sql, (sql) => {
      wakes = []
      actions = []
      return work(this.#journal(sql, wakes, actions))
    })
    for (const wake of wakes) this.#wake.announceThread(wake)
    for (const action of actions) action()
    return result
  }

  /** Events after `seq`, oldest first, as every reader of whatever transport sees them. */
  async after(thread: ThreadKey, seq: number, limit: number): Promise<ThreadEvent[]> {
    const rows = await readEventsAfter(this.#sql, thread, { after: seq, limit })
    return rows.map((row) => toThreadEvent(thread.threadId, row))
  }

  #journal(sql: TransactionSql, wakes: ThreadWake[], actions: (() => void)[]): JournalTransaction {
    return {
      sql,
      lock: (thread) => lockThread(sql, thread),
      append: async (thread, entries) => {
        const { wake, ...positions } = await this.#append(sql, thread, entries)
        wakes.push(wake)
        return positions
      },
      summarise: (thread, runId) => summariseRun(sql, thread, runId),
      hasAppended: (thread, step) => attemptHasEvents(sql, thread, step),
      afterCommit: (action) => actions.push(action),
    }
  }

  async #append(sql: TransactionSql, thread: ThreadKey, entries: readonly LogEntry[]) {
    if (entries.length === 0) throw new Error('nothing to append')
    const now = new Date(this.#clock.nowMs())
    const listed = entries.some((entry) => LISTED.has(entry.type))
    const claimed = await claimPositions(sql, thread, { count: entries.length, listed })
    if (!claimed) throw new NotFoundError('conversation')
    const { lastSeq, epoch } = claimed
    const firstSeq = lastSeq - entries.length + 1
    const rows = entries.map((entry, index) => toRow(entry, firstSeq + index, now))
    await insertEvents(sql, thread, rows)
    await projectEvents(sql, thread, rows)
    const { organizationId, threadId } = thread
    return { firstSeq, lastSeq, wake: { threadId, organizationId, epoch, seq: lastSeq, deleted: false } }
  }
}

// Parsing normalises every text, so that no model output and no message can be refused by the store.
function toRow(entry: LogEntry, seq: number, now: Date): EventRow {
  const { type, payload } = EventBody.parse({ type: entry.type, payload: entry.payload })
  const { runId, stepId, attempt, correlationId, agent, invocationId, messageId, toolCallId, usage } = entry
  const body = { correlationId, agent, invocationId, messageId, toolCallId, usage, payload }
  return {
    seq,
    eventId: uuidv7({ msecs: now.getTime() }),
    type,
    runId: runId ?? null,
    stepId: stepId ?? null,
    attempt: attempt ?? null,
    time: now,
    body: normaliseJson(body) as { [key: string]: Json },
  }
}

function toThreadEvent(threadId: string, row: StoredEvent): ThreadEvent {
  const { seq, epoch, eventId, type, runId, stepId, attempt, time, body } = row
  const step = stepId === null || attempt === null ? {} : { stepId, attempt }
  const place = { seq, epoch, eventId, threadId, ...(runId === null ? {} : { runId }), ...step }
  return { ...place, time: time.toISOString(), type, ...body } as unknown as ThreadEvent
}
