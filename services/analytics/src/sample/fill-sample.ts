import { createHash } from 'node:crypto'
import { makeCall } from '../ingest/make-call.ts'
import type { FileSummary } from '../ingest/read-file.ts'
import type { PriceBook } from '../price-book/price-book.ts'
import type { CallRow } from '../store/call-row.ts'
import { generateSample } from './generate-sample.ts'

export type FillSampleOptions = { book: PriceBook; nowMs: number; signal: AbortSignal }

const PAUSE_EVERY = 500

// The same whichever day it is made on: an organisation has the sample once, until it takes it back.
const SAMPLE_HASH = createHash('sha256').update('netra-apex/sample').digest('hex')

/** Creates what fills an import with generated calls, each labelled as sample data. */
export function fillSample({ book, nowMs, signal }: FillSampleOptions) {
  return async (writer: { add(call: CallRow): Promise<void>; flush(): Promise<void> }): Promise<FileSummary> => {
    const inputs = generateSample(nowMs)
    for (const [index, input] of inputs.entries()) {
      if (index % PAUSE_EVERY === 0) await pause(signal)
      const call = makeCall(input, { book, defaults: {}, provenance: 'sample', sample: true, row: index + 1 })
      if ('problem' in call) throw new Error(`a generated call is not valid: ${call.problem}`)
      await writer.add(call)
    }
    await writer.flush()
    return { format: 'sample', fileHash: SAMPLE_HASH, damage: undefined, lastLine: inputs.length }
  }
}

// Lets other requests have their turn between blocks.
async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}
