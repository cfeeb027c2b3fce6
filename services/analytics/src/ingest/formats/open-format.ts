import { AppError } from '@apex/kit/app-error'
import type { ImportOptions } from '@apex/protocol/import'
import { isAzureHeader, openAzureLlm } from './azure-llm.ts'
import { planColumns } from './column-plan.ts'
import { delimiterOf, openGenericCsv } from './generic-csv.ts'
import { openGenericJsonl } from './generic-jsonl.ts'
import type { FormatReader, Line } from './line.ts'
import { isMooncakeObject, openMooncake } from './mooncake.ts'
import { parseObject } from './parse-object.ts'

/** Opens the reader for a file from its first lines; throws `unprocessable` when the content is of no known format. */
export function openFormat(head: readonly Line[], options: ImportOptions): FormatReader {
  const format = options.format === 'auto' ? detectFormat(head, options) : options.format
  if (format === 'azure-llm') {
    requireAzureHeader(head)
    return openAzureLlm(options)
  }
  if (format === 'mooncake') return openMooncake(options)
  return format === 'generic-jsonl' ? openGenericJsonl(head, options) : openGenericCsv(head, options)
}

function detectFormat(head: readonly Line[], options: ImportOptions): Exclude<ImportOptions['format'], 'auto'> {
  const first = head.find((line) => line.text.trim() !== '')?.text ?? ''
  if (isAzureHeader(first)) return 'azure-llm'
  if (first.trimStart().startsWith('{')) {
    const object = parseObject(first)
    return 'value' in object && isMooncakeObject(object.value) ? 'mooncake' : 'generic-jsonl'
  }
  if (first.trimStart().startsWith('[')) {
    throw new AppError(
      'unprocessable',
      'The file is one JSON array. Write one object per line (JSON lines) instead, for example with: jq -c .[] file.json',
    )
  }
  const plan = planColumns(options.map)
  const known = first.split(delimiterOf(first)).filter((column) => plan.fieldOf(column.replaceAll('"', '')))
  if (known.length > 0) return 'generic-csv'
  throw new AppError(
    'unprocessable',
    `The format of the file was not recognised: its first line is ${JSON.stringify(first.slice(0, 120))}. ` +
      'Accepted are CSV with a header or JSON lines with the fields of a call (timestamp, model, input_tokens, output_tokens, …), ' +
      'the Azure LLM trace and the Mooncake trace. Name the format, or map the columns to fields.',
  )
}

function requireAzureHeader(head: readonly Line[]): void {
  const first = head.find((line) => line.text.trim() !== '')?.text ?? ''
  if (isAzureHeader(first)) return
  throw new AppError(
    'unprocessable',
    `The file is not an Azure LLM trace: its first line is ${JSON.stringify(first.slice(0, 120))} instead of TIMESTAMP,ContextTokens,GeneratedTokens.`,
  )
}
