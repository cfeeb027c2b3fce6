import type { Clock } from '@apex/kit/clock'
import type { Log } from '@apex/kit/log'
import { transaction } from '@apex/kit/transaction'
import type { Sql, TransactionSql } from 'postgres'
import { type BatchLease, isAbandoned, takeLease } from './batch-lease.ts'
import {
  abortBatch,
  type BatchKey,
  type BatchKind,
  type Change,
  commitBatch,
  insertBatch,
  markPurged,
  type Reservation,
  readChanges,
  readUnfinished,
  readVisibility,
  reserveIdentities,
  retractBatch,
} from './batch-store.ts'
import type { Visibility } from './visibility.ts'

export type { BatchKey, BatchKind, Change, Reservation } from './batch-store.ts'

/** Thrown when a batch was ended by someone else, because its writer seemed dead. Nothing of it counts. */
export class BatchEndedError extends Error {
  override readonly name = 'BatchEndedError'
  readonly code = 'batch_ended'
  readonly batch: number

  constructor({ batch }: BatchKey) {
    super(`batch ${batch} was ended while it was written`)
    this.batch = batch
  }
}

export type OpenBatch = AsyncDisposable & BatchKey

// A request's batch has no lease of its own; its transaction cannot live longer than this.
const REQUEST_BATCH_MS = 300_000

export type BatchesOptions = {
  sql: Sql
  clock: Clock
  log: Log
  /** Removes the rows of an aborted batch from where calls are kept. */
  deleteRows: (key: BatchKey) => Promise<void>
}

/**
 * The batches in which calls arrive, and the data version they add up to. A batch is running, then committed or aborted;
 * a committed one may be retracted. Questions see what was committed and not retracted up to a watermark.
 */
export class Batches {
  readonly #sql: Sql
  readonly #clock: Clock
  readonly #log: Log
  readonly #deleteRows: BatchesOptions['deleteRows']

  constructor({ sql, clock, log, deleteRows }: BatchesOptions) {
    this.#sql = sql
    this.#clock = clock
    this.#log = log
    this.#deleteRows = deleteRows
  }

  /** Starts a batch that lives as long as the returned object; disposal does not end it. */
  async open(organizationId: string, kind: Exclude<BatchKind, 'calls'>): Promise<OpenBatch> {
    const key = await this.openForRequest(organizationId, kind)
    const lease: BatchLease = await takeLease(this.#sql, key)
    return { ...key, [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose]() }
  }

  /** Starts a batch that is committed or aborted within one short request. */
  async openForRequest(organizationId: string, kind: BatchKind = 'calls'): Promise<BatchKey> {
    const batch = await insertBatch(this.#sql, { organizationId, kind, at: this.#now() })
    return { organizationId, batch }
  }

  /** Makes the batch count as part of the caller's transaction; throws `BatchEndedError` when it does not run any more. */
  async commit(sql: TransactionSql, key: BatchKey, calls: number): Promise<number> {
    const watermark = await commitBatch(sql, { ...key, calls, at: this.#now() })
    if (watermark === undefined) throw new BatchEndedError(key)
    return watermark
  }

  /** Reserves callers' own ids for a running batch; ending it without effect frees them. */
  reserve(key: BatchKey, identities: readonly Buffer[]): Promise<Reservation> {
    return transaction(this.#sql, (sql) => reserveIdentities(sql, { ...key, identities }))
  }

  /**
   * Ends a batch without effect and deletes its rows; what cannot be deleted now stays hidden and is deleted later. One
   * whose commit reached the database although its answer was lost keeps counting.
   */
  async abort(key: BatchKey): Promise<void> {
    if (await this.#end(key)) await this.#purge(key)
  }

  /** Takes a committed batch back as part of the caller's transaction; undefined when there is nothing to take back. */
  retract(sql: TransactionSql, key: BatchKey): Promise<number | undefined> {
    return retractBatch(sql, key)
  }

  /** What a question sees at a watermark, by default the latest. */
  visibility(organizationId: string, watermark?: number): Promise<Visibility> {
    return readVisibility(this.#sql, organizationId, watermark)
  }

  /** What was added and taken back since a watermark, in order. */
  changesSince(organizationId: string, watermark: number): Promise<Change[]> {
    return readChanges(this.#sql, organizationId, watermark)
  }

  /** Ends the batches whose writers died and deletes the rows of those that were ended. */
  async sweep(): Promise<void> {
    for (const each of await readUnfinished(this.#sql)) {
      const key = { organizationId: each.organizationId, batch: each.batch }
      if (each.state === 'running') {
        const lateMs = this.#clock.nowMs() - each.startedAt.getTime()
        if (each.kind === 'calls' ? lateMs < REQUEST_BATCH_MS : !(await this.#isDead(key, lateMs))) continue
        this.#log.warn({ ...key, kind: each.kind }, 'a batch was left by a writer that died; it is taken back')
        if (!(await this.#end(key))) continue
      }
      await this.#purge(key)
    }
  }

  #end(key: BatchKey): Promise<boolean> {
    return transaction(this.#sql, (sql) => abortBatch(sql, { ...key, at: this.#now() }))
  }

  // Between its record and its lease a batch of a living writer looks abandoned for a moment.
  async #isDead(key: BatchKey, lateMs: number): Promise<boolean> {
    if (!(await isAbandoned(this.#sql, key))) return false
    if (lateMs < 0 || lateMs > 5_000) return true
    await this.#clock.sleep(1_000)
    return isAbandoned(this.#sql, key)
  }

  async #purge(key: BatchKey): Promise<void> {
    try {
      await this.#deleteRows(key)
      await markPurged(this.#sql, key)
    } catch (error) {
      this.#log.warn(
        { ...key, error },
        'rows of an ended batch are hidden but could not be deleted; tried again at the next start',
      )
    }
  }

  #now(): Date {
    return new Date(this.#clock.nowMs())
  }
}
