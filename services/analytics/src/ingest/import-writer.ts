import type { Reject } from '@apex/protocol/import'
import { normaliseText } from '@apex/protocol/text'
import type { CallRow } from '../store/call-row.ts'
import type { Reservation } from '../versions/batches.ts'
import { dropDuplicates } from './drop-duplicates.ts'
import type { ImportCounts } from './import-store.ts'

/** Where an import's blocks go. */
export type ImportSink = {
  insertCalls(calls: readonly CallRow[]): Promise<void>
  reserve(identities: readonly Buffer[]): Promise<Reservation>
  insertRejects(first: number, rejects: readonly Reject[]): Promise<void>
  progress(counts: ImportCounts): Promise<void>
}

const BLOCK_WEIGHT = 20_000
const HASHES_PER_WEIGHT = 16
const REJECT_BLOCK = 1_000
const KEPT_REJECTS = 100_000
const CONTENT_CHARS = 2_048

/** Collects the calls and rejects of one import into blocks, so that memory stays bounded whatever the file's size. */
export class ImportWriter {
  readonly counts: ImportCounts = { bytesRead: 0, accepted: 0, rejected: 0, duplicates: 0, unpriced: 0 }
  readonly #sink: ImportSink
  #calls: CallRow[] = []
  #weight = 0
  #rejects: Reject[] = []

  constructor(sink: ImportSink) {
    this.#sink = sink
  }

  /** Rows read so far, good and bad. */
  get rows(): number {
    return this.counts.accepted + this.counts.duplicates + this.counts.rejected + this.#calls.length
  }

  async add(call: CallRow): Promise<void> {
    this.#calls.push(call)
    this.#weight += 1 + call.prefixHashes.length / HASHES_PER_WEIGHT
    if (this.#weight >= BLOCK_WEIGHT) await this.flush()
  }

  async reject(reject: Reject): Promise<void> {
    this.counts.rejected += 1
    if (this.counts.rejected > KEPT_REJECTS) return
    const content = normaliseText(reject.content)
    const bounded = content.length > CONTENT_CHARS ? `${content.slice(0, CONTENT_CHARS)}…` : content
    this.#rejects.push({ line: reject.line, reason: normaliseText(reject.reason), content: normaliseText(bounded) })
    if (this.#rejects.length >= REJECT_BLOCK) await this.flush()
  }

  async flush(): Promise<void> {
    const calls = await dropDuplicates(this.#calls, (identities) => this.#sink.reserve(identities))
    this.counts.duplicates += this.#calls.length - calls.length
    const rejects = this.#rejects
    this.#calls = []
    this.#weight = 0
    this.#rejects = []
    await this.#sink.insertCalls(calls)
    const kept = Math.min(this.counts.rejected, KEPT_REJECTS)
    await this.#sink.insertRejects(kept - rejects.length + 1, rejects)
    this.counts.accepted += calls.length
    this.counts.unpriced += calls.filter((call) => call.costState === 'unpriced').length
    await this.#sink.progress(this.counts)
  }
}
