import { totalmem } from 'node:os'
import type { ChdbResult, Session } from 'chdb'
import { Gate } from './gate.ts'
import { quoteIdentifier, quoteString } from './statement.ts'

export type EngineRequest = {
  /** Unique; what `cancel` names. */
  id: string
  database: string
  settings: ReadonlyMap<string, string>
  /** Values in ClickHouse's escaped text form, as they come in `param_*`. */
  parameters: ReadonlyMap<string, string>
}

/** Runs statements one after another under one set of settings and parameters. */
export type EngineScope = { run: (sql: string, format: string) => Promise<ChdbResult> }

/** Statements running at once; the rest of the 16 libuv threads serve compression and files. */
const parallelStatements = 12
const waitingStatements = 1_000
/** Parameters count against the engine's limit of 256 KiB for a statement. */
const longPrelude = 64 * 1024
const gibibyte = 1024 ** 3

/**
 * The chDB library on one folder. Each request gets a connection of its own (0.3 ms), because settings and parameters
 * belong to a connection: measured, 1,000 parallel requests each saw only their own. Statements of different
 * connections run truly in parallel on libuv threads.
 */
export class Engine {
  readonly #openSession: (args?: readonly string[]) => Session
  readonly #gate = new Gate({ parallel: parallelStatements, waiting: waitingStatements })
  readonly #server: Session
  readonly #defaults: ReadonlyMap<string, string>

  private constructor(open: (args?: readonly string[]) => Session, configFile: string) {
    this.#openSession = open
    const memory = memoryLimits()
    this.#defaults = defaultSettings(memory.queryBytes)
    // Open for as long as the process lives: the engine goes when its last connection does.
    this.#server = open([`--config-file=${configFile}`, `--max_server_memory_usage=${memory.serverBytes}`])
  }

  /** Throws when the native library cannot be loaded or another process has the folder. */
  static async open(folder: string, configFile: string): Promise<Engine> {
    const { Session } = await import('chdb')
    return new Engine((args) => new Session(folder, args ? { connectionArgs: args } : {}), configFile)
  }

  /** Runs `work` with a connection prepared for the request; each statement waits for a place when many already run. */
  async scope<T>(request: EngineRequest, work: (scope: EngineScope) => Promise<T>): Promise<T> {
    const session = this.#openSession()
    const run = (sql: string, format: string): Promise<ChdbResult> =>
      this.#gate.run(() => session.queryAsync(sql, { format }))
    try {
      // Apart from the statement, so that positions in its syntax errors are its own.
      const prelude = this.#prelude(request)
      if (prelude.length > longPrelude) await run(`SET max_query_size = ${4 * prelude.length}`, 'CSV')
      await run(prelude, 'CSV')
      return await work({ run })
    } finally {
      session.close()
    }
  }

  /** Asks the engine to stop what the request runs; nothing happens when it has ended. */
  async cancel(id: string): Promise<void> {
    await this.#server.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${quoteString(id)} ASYNC`)
  }

  close(): void {
    this.#server.close()
  }

  #prelude({ id, database, settings, parameters }: EngineRequest): string {
    const all = new Map([...this.#defaults, ['log_comment', id], ...settings])
    const assignments = [...all].map(([name, value]) => `${name} = ${quoteString(value)}`)
    for (const [name, value] of parameters) assignments.push(`param_${name} = ${quoteString(value)}`)
    return `USE ${quoteIdentifier(database)}; SET ${assignments.join(', ')}`
  }
}

function defaultSettings(queryBytes: number): ReadonlyMap<string, string> {
  return new Map([
    ['max_execution_time', '30'],
    ['max_memory_usage', String(queryBytes)],
    ['max_bytes_before_external_group_by', String(Math.floor(queryBytes / 2))],
    ['max_bytes_before_external_sort', String(Math.floor(queryBytes / 2))],
    ['max_result_bytes', String(gibibyte)],
    // Beyond 2^53 a JSON number is read wrongly by JavaScript, and a Decimal always.
    ['output_format_json_quote_64bit_integers', '1'],
    ['output_format_json_quote_decimals', '1'],
    // chDB's defaults differ from a server's here.
    ['implicit_select', '0'],
    ['allow_introspection_functions', '0'],
  ])
}

function memoryLimits(): { serverBytes: number; queryBytes: number } {
  const constrained = process.constrainedMemory()
  const machine = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  const serverBytes = Math.min(4 * gibibyte, Math.max(gibibyte, Math.floor(machine / 2)))
  return { serverBytes, queryBytes: Math.floor(serverBytes / 2) }
}
