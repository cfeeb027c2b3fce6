import type { Readable, Writable } from 'node:stream'

/** The terminal, or the pipes, a command talks through, and what it may know of its surroundings. */
export type Terminal = {
  stdin: Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown }
  /** Only what was asked for. */
  stdout: Writable & { isTTY?: boolean; columns?: number }
  /** Everything said beside it. */
  stderr: Writable & { isTTY?: boolean }
  env: Readonly<Record<string, string | undefined>>
  /** The folder the command was called in. */
  cwd: string
  /** Calls back when the person wants to stop (Ctrl-C); returns how to end that. */
  onInterrupt(listener: () => void): () => void
}

/** Says one line beside the output. */
export function say(terminal: Pick<Terminal, 'stderr'>, text: string): void {
  terminal.stderr.write(`${text}\n`)
}

/** Puts out one line. */
export function put(terminal: Pick<Terminal, 'stdout'>, text: string): void {
  terminal.stdout.write(`${text}\n`)
}

/** Puts out one JSON line; each is handed over at once. */
export function putJson(terminal: Pick<Terminal, 'stdout'>, value: unknown): void {
  put(terminal, JSON.stringify(value))
}

/** Whether the output is read by a person who can see colours. */
export function hasColour({ stdout, env }: Pick<Terminal, 'stdout' | 'env'>): boolean {
  return stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
