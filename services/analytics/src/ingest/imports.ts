import { isDeepStrictEqual } from 'node:util'
import { AppError, NotFoundError } from '@apex/kit/app-error'
import type { Clock } from '@apex/kit/clock'
import type { Log } from '@apex/kit/log'
import { transaction } from '@apex/kit/transaction'
import type { ImportOptions, ImportRecord, Reject } from '@apex/protocol/import'
import type { Sql } from 'postgres'
import type { PriceBook } from '../price-book/price-book.ts'
import type { CallTable } from '../store/call-table.ts'
import type { Batches, BatchKey } from '../versions/batches.ts'
import { completeImport } from './complete-import.ts'
import {
  finishImport,
  type ImportKey,
  insertImport,
  insertRejects,
  markRetracted,
  readImport,
  readImports,
  readRejects,
  type StoredImport,
  updateProgress,
} from './import-store.ts'
import { ImportWriter } from './import-writer.ts'
import { type FileSummary, readFile } from './read-file.ts'
import type { Slots } from './slots.ts'

export type ImportsOptions = {
  sql: Sql
  calls: CallTable
  batches: Batches
  book: PriceBook
  slots: Slots
  clock: Clock
  log: Log
  /** Most decompressed bytes of one file. */
  maxBytes: number
}

export type StartImport = ImportKey & { userId: string; options: ImportOptions; signal: AbortSignal }

/** Fills a writer with an import's calls and says what they were. */
type Fill = (writer: ImportWriter) => Promise<FileSummary>

/** Imports of files and of generated samples: their calls become visible together, once, and can be taken back. */
export class Imports {
  readonly #given: ImportsOptions

  constructor(options: ImportsOptions) {
    this.#given = options
  }

  /** Imports a file; an id that was imported before answers with that import. Throws `AppError` for unusable files. */
  importFile(start: StartImport, source: AsyncIterable<Uint8Array>): Promise<ImportRecord> {
    const { book, maxBytes } = this.#given
    const { options, signal } = start
    return this.#run(start, {
      kind: 'import',
      fill: (writer) => readFile({ source, options, book, writer, maxBytes, signal }),
    })
  }

  /** Imports generated calls, which stay labelled as sample data. */
  importSample(start: StartImport, fill: Fill): Promise<ImportRecord> {
    return this.#run(start, { kind: 'sample', fill })
  }

  /** One import of the organisation. */
  async find(key: ImportKey): Promise<ImportRecord> {
    return (await this.#require(key)).record
  }

  async list(organizationId: string): Promise<ImportRecord[]> {
    return (await readImports(this.#given.sql, organizationId)).map(({ record }) => record)
  }

  /** The rejected lines of an import, in pages. */
  async rejects(key: ImportKey): Promise<AsyncGenerator<Reject[]>> {
    await this.#require(key)
    return readRejects(this.#given.sql, key)
  }

  /** Takes an import back: its calls no longer count and its file may come again. */
  async retract(key: ImportKey): Promise<ImportRecord> {
    const { record, batch } = await this.#require(key)
    if (record.state === 'running')
      throw new AppError('conflict', 'The import is still running. Take it back when it is complete.')
    if (record.state === 'failed')
      throw new AppError('conflict', 'The import failed, so none of its calls count and there is nothing to take back.')
    if (record.state === 'committed') {
      await transaction(this.#given.sql, async (sql) => {
        await this.#given.batches.retract(sql, { organizationId: key.organizationId, batch })
        await markRetracted(sql, key)
      })
    }
    return this.find(key)
  }

  async #run(start: StartImport, { kind, fill }: { kind: 'import' | 'sample'; fill: Fill }): Promise<ImportRecord> {
    const known = await readImport(this.#given.sql, start)
    if (known && known.record.state !== 'failed') return sameImport(known, start.options)
    await using held = new AsyncDisposableStack()
    held.use(this.#given.slots.take(start.organizationId))
    const batch = held.use(await this.#given.batches.open(start.organizationId, kind))
    try {
      await this.#record(start, batch, kind === 'sample')
    } catch (error) {
      await this.#given.batches.abort(batch)
      throw error
    }
    const writer = this.#writer(start, batch)
    try {
      const summary = await fill(writer)
      await completeImport(this.#given, { key: keyOf(start), batch, counts: writer.counts, summary })
    } catch (error) {
      await this.#fail(start, { batch, writer, error })
      throw error
    }
    return this.find(start)
  }

  async #record(start: StartImport, { batch }: BatchKey, sample: boolean): Promise<void> {
    const { sql, book, clock } = this.#given
    const at = new Date(clock.nowMs())
    const recorded = await transaction(sql, (transacted) =>
      insertImport(transacted, { ...start, batch, sample, priceVersion: book.version, at }),
    )
    if (!recorded)
      throw new AppError(
        'conflict',
        'An import with this id was started at the same time. Look at that one, or use a new id.',
      )
  }

  #writer(start: ImportKey & { options: ImportOptions }, batch: BatchKey): ImportWriter {
    const { sql, calls, batches } = this.#given
    const { organizationId, importId } = start
    return new ImportWriter({
      insertCalls: (rows) => calls.insert({ ...batch, importId }, rows),
      reserve: (identities) => batches.reserve(batch, identities),
      insertRejects: (first, rejects) => insertRejects(sql, { organizationId, importId, first, rejects }),
      progress: (counts) => updateProgress(sql, { organizationId, importId, format: start.options.format, ...counts }),
    })
  }

  async #fail(
    start: StartImport,
    { batch, writer, error }: { batch: BatchKey; writer: ImportWriter; error: unknown },
  ): Promise<void> {
    const { sql, batches, clock, log } = this.#given
    const text =
      error instanceof AppError
        ? error.message
        : 'The import stopped because of an unexpected error, so none of its calls count. Import the file again.'
    const end = {
      ...writer.counts,
      accepted: 0,
      unpriced: 0,
      format: start.options.format,
      fileHash: null,
      watermark: null,
      error: text,
    }
    try {
      await finishImport(sql, { ...start, ...end, outcome: 'failed', at: new Date(clock.nowMs()) })
      await batches.abort(batch)
    } catch (second) {
      // The batch's lease ends with this import, so the next sweep ends it and with it the import.
      log.warn({ error: second, importId: start.importId }, 'a failed import could not be recorded as failed')
    }
  }

  async #require(key: ImportKey): Promise<StoredImport> {
    const found = await readImport(this.#given.sql, key)
    if (!found) throw new NotFoundError('import')
    return found
  }
}

function keyOf({ organizationId, importId }: ImportKey): ImportKey {
  return { organizationId, importId }
}

function sameImport({ record }: StoredImport, options: ImportOptions): ImportRecord {
  if (record.state === 'running')
    throw new AppError('conflict', 'This import is already running. Ask for its progress instead of sending it again.')
  if (!isDeepStrictEqual(record.options, options)) {
    throw new AppError('conflict', 'An import with this id exists with other options. Use a new id.')
  }
  return record
}
