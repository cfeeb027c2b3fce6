/** One physical line of the decompressed file, without its line end; the first is 1. */
export type Line = {
  number: number
  text: string
  /** Longer than any call; only its beginning is here. */
  tooLong?: true
  /** The last line of the file, not ended by a line break. */
  unterminated?: true
}

/** A row of a file before it is checked as a call, or a line that could not be read; `content` is what stood there. */
export type FileRow =
  | { line: number; content: string; value: unknown }
  | { line: number; content: string; reason: string }

/** Why something must be given before a file can be imported well. */
export type Need = { option: 'model' | 'start' | 'map'; why: string }

/** A format opened on the head of one file; lines are pushed in order and `end` gives what was still held back. */
export type FormatReader = {
  name: string
  columns: string[]
  unknownColumns: { column: string; nearest: string | undefined }[]
  needs: Need[]
  push(line: Line): FileRow[]
  end(): FileRow[]
}
