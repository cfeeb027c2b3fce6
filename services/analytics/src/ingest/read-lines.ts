import { AppError } from '@apex/kit/app-error'
import type { Line } from './formats/line.ts'

const LONGEST_LINE_CHARS = 1_048_576
const BYTE_ORDER_MARK = '\uFEFF'

/**
 * Splits decompressed bytes into physical lines, numbered from 1, at LF, CR LF or the end of the file. A byte order mark
 * is dropped; text in UTF-16 and binary content are refused as `unprocessable`. Lines come in the chunks they arrive in.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let rest = ''
  let skipping = false
  let number = 0
  for await (const chunk of bytes) {
    if (number === 0 && rest === '') refuseOtherEncodings(chunk)
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    const lines: Line[] = []
    for (const part of parts) {
      number += 1
      lines.push(...(skipping ? [] : [lineOf(part, number)]))
      skipping = false
    }
    if (rest.length > LONGEST_LINE_CHARS && !skipping) {
      lines.push(lineOf(rest, number + 1))
      skipping = true
    }
    if (skipping) rest = ''
    if (lines.length > 0) yield lines
  }
  rest += decoder.decode()
  if (rest !== '' && !skipping) yield [{ ...lineOf(rest, number + 1), unterminated: true }]
}

function lineOf(raw: string, number: number): Line {
  const text = (number === 1 && raw.startsWith(BYTE_ORDER_MARK) ? raw.slice(1) : raw).replace(/\r$/, '')
  return text.length > LONGEST_LINE_CHARS ? { number, text: text.slice(0, 2_048), tooLong: true } : { number, text }
}

function refuseOtherEncodings(chunk: Uint8Array): void {
  const [first, second] = chunk
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new AppError('unprocessable', 'The file is text in UTF-16. Save it as UTF-8, then import it again.')
  }
  if (chunk.subarray(0, 4_096).includes(0)) {
    throw new AppError(
      'unprocessable',
      'The file is binary, not text. Accepted are CSV and JSON lines, plain or compressed with gzip.',
    )
  }
}
