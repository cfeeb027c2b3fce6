import { ApiError, UnexpectedResponseError, UnreachableError } from '@apex/client/errors'

/** How a command ends, as a shell sees it. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 4, unauthorised: 5 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command with a text for the person: what happened, what it means and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** The exit code and the text for anything a command can end with. */
export function describeFailure(error: unknown): { exitCode: ExitCode; message: string } {
  if (error instanceof CommandError) return { exitCode: error.exitCode, message: error.message }
  if (error instanceof UnreachableError) {
    return {
      exitCode: EXIT.unreachable,
      message: `${originOf(error.url)} does not answer${causeOf(error)}. Is the server running? Start it with: netra up`,
    }
  }
  if (error instanceof ApiError) return { exitCode: exitOf(error), message: describeRefusal(error) }
  if (error instanceof UnexpectedResponseError) {
    return {
      exitCode: EXIT.failed,
      message: `${error.message} Use the netra command that belongs to the server's version.`,
    }
  }
  return { exitCode: EXIT.failed, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

function exitOf({ status }: ApiError): ExitCode {
  if (status === 401 || status === 403) return EXIT.unauthorised
  return status === 502 || status === 503 || status === 504 ? EXIT.unreachable : EXIT.failed
}

function describeRefusal({ title, detail, issues, requestId, retryAfter }: ApiError): string {
  const wait = retryAfter === undefined ? '' : ` Try again in ${retryAfter} s.`
  const wrong = issues.map(({ path, message }) => `\n  ${path}: ${message}`).join('')
  return `${title}. ${detail}${wait}${wrong}\n  request ${requestId}`
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url
}

function causeOf(error: UnreachableError): string {
  if (error.code === 'timeout') return ' in time'
  // The network's own error is inside the one that fetch throws.
  const causes = error.cause instanceof Error ? [error.cause.cause, error.cause] : []
  const [code] = causes.flatMap((cause) => (cause instanceof Error && 'code' in cause ? [cause.code] : []))
  return typeof code === 'string' ? ` (${code})` : ''
}
