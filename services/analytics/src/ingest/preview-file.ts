import { AppError } from '@apex/kit/app-error'
import type { CallInput } from '@apex/protocol/call'
import type { ImportOptions, Reject } from '@apex/protocol/import'
import type { PriceBook } from '../price-book/price-book.ts'
import { unknownColumnText } from './formats/column-plan.ts'
import type { FileRow, Line, Need } from './formats/line.ts'
import { openFormat } from './formats/open-format.ts'
import { makeCall } from './make-call.ts'
import { readBytes } from './read-bytes.ts'
import { checkCall } from './read-file.ts'
import { readLines } from './read-lines.ts'

const LINES = 200
const SAMPLE_CALLS = 20
const SHOWN_REJECTS = 20
// Callers send only the beginning of a long file; less than this is taken for all of a short one.
const WHOLE_BELOW_BYTES = 65_536

/** What the beginning of a file tells before anything is stored. */
export type FilePreview = {
  format: string
  columns: string[]
  unknownColumns: string[]
  needs: Need[]
  sample: CallInput[]
  rejects: Reject[]
}

/** Reads the first lines of a file, of which only a part may be there; throws `unprocessable` for no known format. */
export async function previewFile(
  book: PriceBook,
  { source, options }: { source: AsyncIterable<Uint8Array>; options: ImportOptions },
): Promise<FilePreview> {
  const { lines, cut } = await readHead(source)
  if (!lines.some((line) => line.text.trim() !== '')) {
    throw new AppError(
      'unprocessable',
      cut ? 'No whole line of the file could be read.' : 'The file is empty, so there is nothing to import.',
    )
  }
  const reader = openFormat(lines, options)
  const rows = lines.flatMap((line) => reader.push(line))
  // What is held back at the end may be cut, so it is judged only when the file ends here.
  if (!cut) rows.push(...reader.end())
  const { sample, rejects } = judge(book, rows, options)
  return {
    format: reader.name,
    columns: reader.columns,
    unknownColumns: reader.unknownColumns.map(({ column }) => column),
    needs: [
      ...reader.needs,
      ...reader.unknownColumns.map((each) => ({ option: 'map' as const, why: sentence(unknownColumnText(each)) })),
    ],
    sample: sample.slice(0, SAMPLE_CALLS),
    rejects: rejects.slice(0, SHOWN_REJECTS),
  }
}

async function readHead(source: AsyncIterable<Uint8Array>): Promise<{ lines: Line[]; cut: boolean }> {
  const lines: Line[] = []
  let received = 0
  const bytes = readBytes(counted(source, (length) => (received += length)))
  for await (const some of readLines(bytes)) {
    lines.push(...some.filter((line) => !line.tooLong))
    if (lines.length >= LINES) return { lines: lines.slice(0, LINES), cut: true }
  }
  if (bytes.damage === undefined && received < WHOLE_BELOW_BYTES) return { lines, cut: false }
  // The last line may be half of one, even a half that looks plausible.
  return { lines: lines.filter((line) => !line.unterminated), cut: true }
}

async function* counted(source: AsyncIterable<Uint8Array>, take: (length: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    take(chunk.length)
    yield chunk
  }
}

function judge(book: PriceBook, rows: readonly FileRow[], options: ImportOptions) {
  const defaults = Object.fromEntries(
    Object.entries({
      provider: options.provider,
      model: options.model,
      service: options.service,
      project: options.project,
      environment: options.environment,
    }).filter(([, value]) => value !== undefined),
  )
  const sample: CallInput[] = []
  const rejects: Reject[] = []
  for (const row of rows) {
    const outcome = 'reason' in row ? row : checkCall(row.value)
    const how = { book, defaults, provenance: 'preview', sample: false, row: row.line }
    const made = 'call' in outcome ? makeCall(outcome.call, how) : { problem: outcome.reason }
    if ('problem' in made) rejects.push({ line: row.line, reason: made.problem, content: row.content.slice(0, 2_048) })
    else if ('call' in outcome) sample.push({ ...defaults, ...outcome.call })
  }
  return { sample, rejects }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
