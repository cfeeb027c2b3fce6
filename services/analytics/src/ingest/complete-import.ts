import type { Clock } from '@apex/kit/clock'
import { transaction } from '@apex/kit/transaction'
import type { Sql } from 'postgres'
import type { Batches, BatchKey } from '../versions/batches.ts'
import { claimFile, finishImport, type ImportCounts, type ImportKey } from './import-store.ts'
import { duplicateText, finishedText } from './import-texts.ts'
import type { FileSummary } from './read-file.ts'

/** Ends the transaction of a commit because another import holds the file. */
class FileHeldError extends Error {
  override readonly name = 'FileHeldError'
  readonly holder: string

  constructor(holder: string) {
    super(`the file belongs to import ${holder}`)
    this.holder = holder
  }
}

export type Completion = { key: ImportKey; batch: BatchKey; counts: ImportCounts; summary: FileSummary }

/** Makes a written import count, or ends it without effect: as failed, or as a repetition of one that counts already. */
export async function completeImport(
  given: { sql: Sql; batches: Batches; clock: Clock },
  completion: Completion,
): Promise<void> {
  const { sql, batches, clock } = given
  const { key, batch, counts, summary } = completion
  const end = { ...key, format: summary.format, fileHash: summary.fileHash, at: new Date(clock.nowMs()) }
  const error = finishedText(completion)
  if (summary.damage?.kind === 'corrupt' || (counts.accepted === 0 && counts.duplicates === 0)) {
    await finishImport(sql, { ...end, ...counts, accepted: 0, unpriced: 0, outcome: 'failed', watermark: null, error })
    return batches.abort(batch)
  }
  if (counts.accepted === 0) {
    await finishImport(sql, { ...end, ...counts, outcome: 'committed', watermark: null, error })
    return batches.abort(batch)
  }
  try {
    await transaction(sql, async (transacted) => {
      // The organisation's row first: its commits follow each other, and so do their looks at who holds a file.
      const watermark = await batches.commit(transacted, batch, counts.accepted)
      const holder = await claimFile(transacted, { ...key, fileHash: summary.fileHash })
      if (holder !== undefined) throw new FileHeldError(holder)
      await finishImport(transacted, { ...end, ...counts, outcome: 'committed', watermark, error })
    })
  } catch (failure) {
    if (!(failure instanceof FileHeldError)) throw failure
    const repeated = { ...counts, accepted: 0, unpriced: 0, duplicates: counts.duplicates + counts.accepted }
    await finishImport(sql, {
      ...end,
      ...repeated,
      outcome: 'committed',
      watermark: null,
      error: duplicateText(failure.holder),
    })
    await batches.abort(batch)
  }
}
