/** An error in ClickHouse's own form, so that its client recognises code and type. */
export class ClickHouseException extends Error {
  override readonly name = 'ClickHouseException'
  readonly code: number

  constructor(code: number, type: string, text: string) {
    super(`Code: ${code}. DB::Exception: ${text} (${type})`)
    this.code = code
  }
}

export type ExceptionAnswer = { status: number; code: number; message: string }

const badRequest = new Set([
  6, 26, 27, 36, 38, 41, 42, 43, 44, 47, 53, 62, 69, 70, 72, 115, 117, 130, 131, 158, 179, 215, 386, 456, 457,
])
const notFound = new Set([16, 46, 60, 81])

/** Gives any failure the status, code and message a ClickHouse server would answer with. */
export function answerFor(error: unknown): ExceptionAnswer {
  const text = error instanceof Error ? error.message : String(error)
  const found = /Code: (\d+)\. /.exec(text)
  const code = found ? Number(found[1]) : 1002
  const message = found ? text.slice(found.index) : `Code: 1002. DB::Exception: ${text} (UNKNOWN_EXCEPTION)`
  return { status: statusFor(code), code, message }
}

function statusFor(code: number): number {
  if (badRequest.has(code)) return 400
  if (notFound.has(code)) return 404
  if (code === 516) return 403
  if (code === 48) return 501
  if (code === 202) return 503
  return 500
}
