import { ClickHouseException } from './clickhouse-exception.ts'

/** One INSERT takes about this much; a larger body is cut between rows. */
const chunkBytes = 32 * 1024 * 1024
/** Formats that cannot be cut are held as a whole up to here. */
const wholeBytes = 256 * 1024 * 1024

// Formats in which a raw line feed always ends a row, so that every piece is valid by itself.
const lineFormats = new Set(['jsoneachrow', 'jsoncompacteachrow', 'jsonstringseachrow', 'tabseparated', 'tsv'])
const binaryFormats = /^(?:native|rowbinary.*|parquet|arrow.*|orc|avro|protobuf.*|capnproto|msgpack|bsoneachrow)$/i

/** Some whole rows; `rows` is 0 where the format does not tell their number. */
export type InsertChunk = { text: string; rows: number }

/** Cuts the body of an INSERT into pieces the engine takes one by one, one piece in memory at a time; none when there are no rows. */
export async function* insertChunks(
  body: AsyncIterable<Buffer>,
  format: string | undefined,
): AsyncGenerator<InsertChunk> {
  if (format && binaryFormats.test(format)) {
    throw new ClickHouseException(
      48,
      'NOT_IMPLEMENTED',
      `The embedded ClickHouse does not take the binary format ${format}; use JSONEachRow`,
    )
  }
  if (!format || !lineFormats.has(format.toLowerCase())) {
    const text = await readText(body, wholeBytes)
    if (text.trim() !== '') yield { text, rows: 0 }
    return
  }
  for await (const text of wholeLines(body)) {
    const rows = countRows(text)
    if (rows > 0) yield { text, rows }
  }
}

async function* wholeLines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let bytes = 0
  for await (const part of body) {
    parts.push(part)
    bytes += part.length
    if (bytes < chunkBytes) continue
    const lineEnd = part.lastIndexOf(10)
    if (lineEnd < 0) {
      if (bytes > wholeBytes) throw tooLarge()
      continue
    }
    const rest = part.subarray(lineEnd + 1)
    const piece = Buffer.concat(parts, bytes - rest.length)
    parts = rest.length > 0 ? [rest] : []
    bytes = rest.length
    yield piece.toString('utf8')
  }
  if (bytes > 0) yield Buffer.concat(parts).toString('utf8')
}

function countRows(text: string): number {
  let rows = 0
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start)
    const next = end < 0 ? text.length : end
    if (text.slice(start, next).trim() !== '') rows += 1
    start = next + 1
  }
  return rows
}

/** Reads a body as text; refuses one above the limit. */
export async function readText(body: AsyncIterable<Buffer>, limitBytes: number): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += part.length
    if (bytes > limitBytes) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function tooLarge(): ClickHouseException {
  return new ClickHouseException(307, 'TOO_MANY_BYTES', 'The body is too large for the embedded ClickHouse')
}
