import { ConfigError, renderConfigProblems } from '@apex/kit/config'

/** The command was written wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'usage'
}

/** Something about this machine prevents a start; the message says what happened, what it means and what to do. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
  readonly code: string

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
  }
}

/** How a start that failed ends: the process's exit code, a stable code and the text for a person. */
export type StartFailure = { exitCode: 1 | 2 | 3 | 4; code: string; message: string }

const environmentCodes = new Set(['directory_in_use', 'embedded_store_failed', 'unavailable'])

/** 2 for the command line, 3 for the configuration, 4 for the machine, 1 for what nobody foresaw. */
export function describeStartFailure(error: unknown): StartFailure {
  const { message, code } = error as { message?: string; code?: string }
  if (error instanceof UsageError) return { exitCode: 2, code: error.code, message: error.message }
  if (error instanceof ConfigError) return { exitCode: 3, code: error.code, message: renderConfigProblems(error) }
  if (error instanceof EnvironmentError || (code && environmentCodes.has(code))) {
    return { exitCode: 4, code: code ?? 'environment', message: message ?? String(error) }
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { exitCode: 1, code: 'internal', message: `Netra could not start, for a reason nobody foresaw: ${text}` }
}
