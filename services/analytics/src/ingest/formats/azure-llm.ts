import type { CallInput } from '@apex/protocol/call'
import type { ImportOptions } from '@apex/protocol/import'
import { isoOfMicros, microsOfIso } from '../../exact/instant.ts'
import type { FileRow, FormatReader, Line } from './line.ts'
import { readCount } from './read-count.ts'

const COLUMNS = ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens']

/** Whether a first line is the header of the Azure LLM inference traces. */
export function isAzureHeader(text: string): boolean {
  return text.trim().toLowerCase() === COLUMNS.join(',').toLowerCase()
}

/** The Azure LLM inference trace: CSV without quotes, instants in UTC with 100 ns, no model. */
export function openAzureLlm(options: ImportOptions): FormatReader {
  const why = 'The Azure trace does not say which model answered; without one its calls cannot be priced.'
  return {
    name: 'azure-llm',
    columns: COLUMNS,
    unknownColumns: [],
    needs: options.model ? [] : [{ option: 'model', why }],
    push: (line) => (line.text.trim() === '' || isAzureHeader(line.text) ? [] : [readRow(line)]),
    end: () => [],
  }
}

function readRow({ number: line, text: content }: Line): FileRow {
  const fields = content.split(',').map((field) => field.trim())
  if (fields.length !== COLUMNS.length) {
    return {
      line,
      content,
      reason: `the line has ${fields.length} fields instead of the ${COLUMNS.length} of the header`,
    }
  }
  const [timestamp = '', context, generated] = fields
  if (timestamp === '') return { line, content, reason: 'TIMESTAMP is missing' }
  const micros = microsOfIso(timestamp, { zone: 'utc' })
  if (micros === undefined) {
    return {
      line,
      content,
      reason: `TIMESTAMP ${JSON.stringify(timestamp)} is not a time such as 2023-11-16 18:15:46.6805900`,
    }
  }
  const input = readCount('ContextTokens', context)
  if (typeof input === 'object') return { line, content, ...input }
  const output = readCount('GeneratedTokens', generated)
  if (typeof output === 'object') return { line, content, ...output }
  const value: CallInput = { timestamp: isoOfMicros(micros), input_tokens: input, output_tokens: output }
  return { line, content, value }
}
