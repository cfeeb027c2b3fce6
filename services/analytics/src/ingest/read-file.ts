import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { AppError } from '@apex/kit/app-error'
import { CallInput } from '@apex/protocol/call'
import type { ImportOptions } from '@apex/protocol/import'
import type { PriceBook } from '../price-book/price-book.ts'
import { unknownColumnText } from './formats/column-plan.ts'
import { describeIssues } from './formats/describe-issues.ts'
import type { FileRow, FormatReader, Line } from './formats/line.ts'
import { openFormat } from './formats/open-format.ts'
import type { ImportWriter } from './import-writer.ts'
import { type MakeCallOptions, makeCall } from './make-call.ts'
import { type Damage, readBytes } from './read-bytes.ts'
import { readLines } from './read-lines.ts'

const HEAD_LINES = 50
/** How long a file may hold the process at a stretch, in milliseconds. */
const STRETCH_MS = 20

export type ReadFileOptions = {
  source: AsyncIterable<Uint8Array>
  options: ImportOptions
  book: PriceBook
  writer: ImportWriter
  /** Most decompressed bytes. */
  maxBytes: number
  signal: AbortSignal
}

/** What was read: the format, the hash of the decompressed content, and how it was damaged if it was. */
export type FileSummary = { format: string; fileHash: string; damage: Damage | undefined; lastLine: number }

/** Reads a whole file into the writer; throws `unprocessable` for a file that cannot be an import at all. */
export async function readFile({
  source,
  options,
  book,
  writer,
  maxBytes,
  signal,
}: ReadFileOptions): Promise<FileSummary> {
  const hash = createHash('sha256')
  const bytes = readBytes(source)
  const counted = countBytes(bytes, maxBytes, (chunk) => {
    hash.update(chunk)
    writer.counts.bytesRead += chunk.length
  })
  const rows = new RowSink({ book, writer, options })
  let head: Line[] | undefined = []
  let reader: FormatReader | undefined
  let lastLine = 0
  for await (const lines of readLines(counted)) {
    signal.throwIfAborted()
    const whole = bytes.damage ? await rejectCut(lines, writer) : lines
    lastLine = lines.at(-1)?.number ?? lastLine
    head?.push(...whole)
    if (head && head.length >= HEAD_LINES) {
      reader = open(head, options)
      await rows.pushAll(reader, head)
      head = undefined
    } else if (reader) await rows.pushAll(reader, whole)
  }
  if (head) {
    refuseEmpty(head, bytes.damage)
    reader = open(head, options)
    await rows.pushAll(reader, head)
  }
  if (!reader) throw new Error('a file was read without a format')
  await rows.takeAll(reader.end())
  if (bytes.damage) await writer.reject({ line: lastLine + 1, reason: damageText(bytes.damage, lastLine), content: '' })
  await writer.flush()
  if (writer.rows === 0)
    throw new AppError('unprocessable', 'The file has a header but no rows, so there is nothing to import.')
  return { format: reader.name, fileHash: hash.digest('hex'), damage: bytes.damage, lastLine }
}

/** Opens the format and refuses the file when something must be given first. */
function open(head: readonly Line[], options: ImportOptions): FormatReader {
  const reader = openFormat(
    head.filter((line) => !line.tooLong),
    options,
  )
  if (reader.unknownColumns.length > 0) {
    const texts = reader.unknownColumns.map(unknownColumnText)
    throw new AppError('unprocessable', `The file was not imported: ${texts.join('; ')}.`, {
      issues: reader.unknownColumns.map((each, index) => ({ path: `map.${each.column}`, message: texts[index] ?? '' })),
    })
  }
  if (reader.needs.length > 0) {
    const names = reader.needs.map((need) => need.option)
    throw new AppError(
      'unprocessable',
      `The file was not imported: give ${names.join(' and ')}. ${reader.needs.map((need) => need.why).join(' ')}`,
      {
        issues: reader.needs.map((need) => ({ path: need.option, message: need.why })),
      },
    )
  }
  return reader
}

function refuseEmpty(head: readonly Line[], damage: Damage | undefined): void {
  if (head.some((line) => line.text.trim() !== '')) return
  if (damage)
    throw new AppError(
      'unprocessable',
      `No line of the file could be read: ${damage.message}. Fetch the file again and import all of it.`,
    )
  throw new AppError('unprocessable', 'The file is empty, so there is nothing to import.')
}

// The last line of a cut file may be half a line that still looks whole, such as 4 of 44 tokens.
async function rejectCut(lines: readonly Line[], writer: ImportWriter): Promise<Line[]> {
  const cut = lines.find((line) => line.unterminated)
  if (cut)
    await writer.reject({
      line: cut.number,
      reason: 'the line is cut off where the damaged file ends',
      content: cut.text,
    })
  return lines.filter((line) => line !== cut)
}

function damageText(damage: Damage, lastLine: number): string {
  return `the file ends here: ${damage.message}, so what followed line ${lastLine} is missing`
}

// A few kilobytes may inflate to millions of lines that are all there at once: between chunks others get their turn.
async function* countBytes(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  take: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let total = 0
  let turnEndsMs = performance.now() + STRETCH_MS
  for await (const chunk of bytes) {
    if (performance.now() >= turnEndsMs) {
      await setImmediate()
      turnEndsMs = performance.now() + STRETCH_MS
    }
    total += chunk.length
    if (total > maxBytes)
      throw new AppError(
        'too_large',
        `The file is larger than ${maxBytes} bytes when decompressed, the most accepted. Split it.`,
      )
    take(chunk)
    yield chunk
  }
}

type RowSinkOptions = { book: PriceBook; writer: ImportWriter; options: ImportOptions }

/** Checks each row as a call and hands it on, good or bad. */
class RowSink {
  readonly #given: RowSinkOptions
  readonly #defaults: MakeCallOptions['defaults']

  constructor(given: RowSinkOptions) {
    this.#given = given
    this.#defaults = defaultsOf(given.options)
  }

  async pushAll(reader: FormatReader, lines: readonly Line[]): Promise<void> {
    for (const line of lines) {
      if (line.tooLong)
        await this.takeAll([{ line: line.number, content: line.text, reason: 'the line is longer than any call' }])
      else await this.takeAll(reader.push(line), reader.name)
    }
  }

  async takeAll(rows: readonly FileRow[], format = ''): Promise<void> {
    for (const row of rows) {
      const outcome = this.#check(row, format)
      if ('reason' in outcome)
        await this.#given.writer.reject({ line: row.line, content: row.content, reason: outcome.reason })
      else await this.#given.writer.add(outcome)
    }
  }

  #check(row: FileRow, format: string) {
    if ('reason' in row) return row
    const { book } = this.#given
    const input = checkCall(row.value)
    if ('reason' in input) return input
    const how: MakeCallOptions = {
      book,
      defaults: this.#defaults,
      provenance: `file:${format}`,
      sample: false,
      row: row.line,
    }
    const call = makeCall(input.call, how)
    return 'problem' in call ? { reason: call.problem } : call
  }
}

/** A value as a call, or what is wrong with it for a person. */
export function checkCall(value: unknown): { call: CallInput } | { reason: string } {
  const parsed = CallInput.safeParse(value)
  return parsed.success ? { call: parsed.data } : { reason: describeIssues(parsed.error.issues, value) }
}

function defaultsOf(options: ImportOptions): MakeCallOptions['defaults'] {
  const { provider, model, service, project, environment } = options
  return Object.fromEntries(
    Object.entries({ provider, model, service, project, environment }).filter(([, value]) => value !== undefined),
  )
}
