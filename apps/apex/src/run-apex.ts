import { join } from 'node:path'
import type { Env } from '@apex/kit/config'
import { stopSignal } from '@apex/kit/run-service'
import { startApex } from './apex.ts'
import { parseCommandLine } from './command-line.ts'
import { jsonProgress, type Output, plainProgress } from './progress.ts'
import { describeStartFailure } from './start-error.ts'

export type RunApexOptions = {
  args: readonly string[]
  env: Env
  /** The checkout. */
  root: string
  output: Output
}

/** Runs `netra up` from its arguments to its end and returns the exit code: 0 after a stop, else why it did not start. */
export async function runApex({ args, env, root, output }: RunApexOptions): Promise<number> {
  const stopped = stopSignal()
  const progress = args.includes('--json') ? jsonProgress(output) : plainProgress(output)
  try {
    const commandLine = parseCommandLine(args, { dataDirectory: join(root, '.netra') })
    const apex = await startApex({ commandLine, env, root, progress })
    process.on('uncaughtExceptionMonitor', (error) => apex.log.fatal({ error }, 'the process ends: uncaught exception'))
    const signal = await stopped
    apex.log.info({ signal }, 'apex stops')
    progress.stopping()
    await apex[Symbol.asyncDispose]()
    return 0
  } catch (error) {
    const failure = describeStartFailure(error)
    progress.failed(failure)
    return failure.exitCode
  }
}
