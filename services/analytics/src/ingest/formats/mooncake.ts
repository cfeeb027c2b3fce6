import type { CallInput } from '@apex/protocol/call'
import type { ImportOptions } from '@apex/protocol/import'
import { isoOfMicros, microsOfIso } from '../../exact/instant.ts'
import type { FileRow, FormatReader, Line } from './line.ts'
import { parseObject } from './parse-object.ts'
import { readCount } from './read-count.ts'

const COLUMNS = ['timestamp', 'input_length', 'output_length', 'hash_ids']
const BLOCK_TOKENS = 512
const LONGEST_TRACE_MS = 10 * 365 * 86_400_000

/** Whether an object has the fields of a Mooncake request trace. */
export function isMooncakeObject(value: object): boolean {
  return 'input_length' in value && 'output_length' in value && 'timestamp' in value
}

/** Mooncake request traces: JSON lines, time in milliseconds from a start, prefix hashes of 512-token blocks. */
export function openMooncake(options: ImportOptions): FormatReader {
  const startUs = options.start === undefined ? undefined : microsOfIso(options.start)
  const needs: FormatReader['needs'] = []
  if (!options.model)
    needs.push({
      option: 'model',
      why: 'The trace does not say which model answered; without one its calls cannot be priced.',
    })
  if (startUs === undefined)
    needs.push({ option: 'start', why: 'The trace counts milliseconds from its own start; say which instant that is.' })
  return {
    name: 'mooncake',
    columns: COLUMNS,
    unknownColumns: [],
    needs,
    push: (line) => (line.text.trim() === '' ? [] : [readRow(line, startUs ?? 0)]),
    end: () => [],
  }
}

function readRow(given: Line, startUs: number): FileRow {
  const { number: line, text: content } = given
  const object = parseObject(content)
  if ('reason' in object) return { line, content, reason: object.reason }
  const { timestamp, input_length, output_length, hash_ids } = object.value
  if (timestamp === undefined || timestamp === null) return { line, content, reason: 'timestamp is missing' }
  if (typeof timestamp !== 'number' || !(timestamp >= 0) || timestamp > LONGEST_TRACE_MS) {
    return {
      line,
      content,
      reason: `timestamp must be milliseconds from the start of the trace, not ${JSON.stringify(timestamp)}`,
    }
  }
  const input = readCount('input_length', input_length)
  if (typeof input === 'object') return { line, content, ...input }
  const output = readCount('output_length', output_length)
  if (typeof output === 'object') return { line, content, ...output }
  const hashes = hash_ids ?? []
  if (!Array.isArray(hashes) || !hashes.every((hash) => Number.isSafeInteger(hash) && hash >= 0)) {
    return { line, content, reason: 'hash_ids must be a list of whole numbers' }
  }
  const value: CallInput = {
    timestamp: isoOfMicros(startUs + Math.round(timestamp * 1_000)),
    input_tokens: input,
    output_tokens: output,
    ...(hashes.length > 0 ? { prefix_hashes: hashes as number[], prefix_block_tokens: BLOCK_TOKENS } : {}),
  }
  return { line, content, value }
}
