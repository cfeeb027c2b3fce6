import type { ImportOptions } from '@apex/protocol/import'
import { planColumns } from './column-plan.ts'
import type { FileRow, FormatReader, Line } from './line.ts'
import { parseObject } from './parse-object.ts'

/** One call per line as a JSON object with the fields of a call, renamed by the mapping; `null` counts as absent. */
export function openGenericJsonl(head: readonly Line[], options: ImportOptions): FormatReader {
  const plan = planColumns(options.map)
  const columns = [...new Set(head.flatMap(({ text }) => keysOf(text)))]
  return {
    name: 'generic-jsonl',
    columns,
    // A key only some lines have is their own mistake; one the first line has is the file's.
    unknownColumns: plan.unknown(firstKeys(head)),
    needs: [],
    push: (line) => (line.text.trim() === '' ? [] : [readRow(line, plan)]),
    end: () => [],
  }
}

function firstKeys(head: readonly Line[]): string[] {
  return head.map(({ text }) => keysOf(text)).find((keys) => keys.length > 0) ?? []
}

function keysOf(text: string): string[] {
  const object = parseObject(text)
  return 'value' in object ? Object.keys(object.value) : []
}

function readRow({ number: line, text: content }: Line, plan: ReturnType<typeof planColumns>): FileRow {
  const object = parseObject(content)
  if ('reason' in object) return { line, content, reason: object.reason }
  const value: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(object.value)) {
    const field = plan.fieldOf(key)
    // A key that only some lines have keeps its name, so that checking the call names it.
    if (field !== null && item !== null) value[field ?? key] = item
  }
  return { line, content, value }
}
