import type { ImportOptions } from '@apex/protocol/import'
import { parse } from 'csv-parse/sync'
import { type CallField, cellValue } from './call-fields.ts'
import { planColumns } from './column-plan.ts'
import type { FileRow, FormatReader, Line } from './line.ts'

/** Quoted fields may hold line breaks; a quote open for longer than these is taken for a mistake in its first line. */
const LONGEST_RECORD_LINES = 1_000
const LONGEST_RECORD_CHARS = 1_048_576

/** CSV with a header of call fields, renamed by the mapping; comma, semicolon or tab; quotes as in RFC 4180. */
export function openGenericCsv(head: readonly Line[], options: ImportOptions): FormatReader {
  const header = head.find((line) => line.text.trim() !== '')
  const delimiter = delimiterOf(header?.text ?? '')
  const columns = (header && splitRecord(header.text, delimiter))?.map((column) => column.trim()) ?? []
  const plan = planColumns(options.map)
  const fields = columns.map((column) => plan.fieldOf(column))
  const records = new RecordAssembler(delimiter, fields)
  return {
    name: 'generic-csv',
    columns,
    unknownColumns: plan.unknown(columns),
    needs: [],
    push: (line) => (line.number === header?.number ? [] : records.push(line)),
    end: () => records.end(),
  }
}

/** The separator a header uses most. */
export function delimiterOf(header: string): string {
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: header.split(delimiter).length }))
  return counts.reduce((a, b) => (b.count > a.count ? b : a)).delimiter
}

class RecordAssembler {
  readonly #delimiter: string
  readonly #fields: readonly (CallField | null | undefined)[]
  #held: Line[] = []
  #heldChars = 0
  #open = false

  constructor(delimiter: string, fields: readonly (CallField | null | undefined)[]) {
    this.#delimiter = delimiter
    this.#fields = fields
  }

  push(line: Line): FileRow[] {
    if (this.#held.length === 0 && line.text.trim() === '') return []
    this.#held.push(line)
    this.#heldChars += line.text.length
    if (line.text.includes('"') && quotesOf(line.text) % 2 === 1) this.#open = !this.#open
    if (!this.#open) return this.#take()
    const tooLong = this.#held.length > LONGEST_RECORD_LINES || this.#heldChars > LONGEST_RECORD_CHARS
    return tooLong ? this.#giveUpOnFirst() : []
  }

  end(): FileRow[] {
    const rows: FileRow[] = []
    while (this.#held.length > 0) rows.push(...(this.#open ? this.#giveUpOnFirst() : this.#take()))
    return rows
  }

  #take(): FileRow[] {
    const first = this.#held[0]
    if (!first) return []
    const content = this.#held.map((line) => line.text).join('\n')
    const row = this.#read(first.number, content)
    // Two stray quotes pair up across good lines: only the first line is at fault, the others are read again.
    if ('reason' in row && this.#held.length > 1) return this.#giveUpOnFirst()
    this.#release()
    return [row]
  }

  #giveUpOnFirst(): FileRow[] {
    const [first, ...rest] = this.#held
    this.#release()
    this.#open = false
    if (!first) return []
    const { number: line, text: content } = first
    const rows: FileRow[] = [{ line, content, reason: 'a quote is opened in this line and not closed' }]
    for (const each of rest) rows.push(...this.push(each))
    return rows
  }

  #release(): void {
    this.#held = []
    this.#heldChars = 0
  }

  #read(line: number, content: string): FileRow {
    const cells = splitRecord(content, this.#delimiter)
    if (!cells) return { line, content, reason: 'the quotes of the line are not valid CSV' }
    if (cells.length !== this.#fields.length) {
      return {
        line,
        content,
        reason: `the line has ${cells.length} fields instead of the ${this.#fields.length} of the header`,
      }
    }
    const value: Record<string, unknown> = {}
    for (const [index, cell] of cells.entries()) {
      const field = this.#fields[index]
      const given = field ? cellValue(field, cell) : undefined
      if (field && given !== undefined) value[field] = given
    }
    return { line, content, value }
  }
}

function quotesOf(text: string): number {
  return text.split('"').length - 1
}

// Most records have no quote, and splitting those directly is many times faster.
function splitRecord(text: string, delimiter: string): string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter)
  try {
    const [record] = parse(text, { delimiter, relax_column_count: true })
    return record
  } catch {
    return undefined
  }
}
