import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { UsageError } from './start-error.ts'

export type CommandLine = {
  /** Absolute. */
  dataDirectory: string
  /** 0 lets the system choose. */
  port: number
  host: string
  /** Progress as JSON lines instead of sentences. */
  json: boolean
}

export const usage = 'usage: netra up [--data DIR] [--port 3000] [--host 127.0.0.1] [--json]'

/** Reads the flags of `up`; throws `UsageError` saying what is wrong and how it is written. */
export function parseCommandLine(args: readonly string[], defaults: { dataDirectory: string }): CommandLine {
  const { data, port, host, json } = parseFlags(args)
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`--port ${port} is not a port: a whole number from 0 to 65535 is meant. ${usage}`)
  }
  if (isIP(host) === 0 && host !== 'localhost') {
    throw new UsageError(`--host ${host} is not an IP address of this machine, nor localhost. ${usage}`)
  }
  if (data === '') throw new UsageError(`--data needs the name of a folder. ${usage}`)
  return { dataDirectory: resolve(data ?? defaults.dataDirectory), port: Number(port), host, json }
}

function parseFlags(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        port: { type: 'string', default: '3000' },
        host: { type: 'string', default: '127.0.0.1' },
        json: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. ${usage}`)
  }
}
