import { AsyncResource } from 'node:async_hooks'
import { AppError } from '@apex/kit/app-error'
import { toAppError } from '@apex/kit/http/problem'
import type { Log } from '@apex/kit/log'
import type { ErrorCode } from '@apex/protocol/error'
import type { Json } from '@apex/protocol/text'
import { DBOS, type DLogger } from '@dbos-inc/dbos-sdk'
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import { dbRetryConfig } from '@dbos-inc/dbos-sdk/internal/utils'
import type { RunEngine, RunRef } from './engine.ts'

export type DbosEngineOptions = {
  databaseUrl: string
  /** The same for each start of a node, so that it finds its own unfinished runs; different on each node. */
  executorId: string
  /** Runs begun under another version are not replayed by this one. */
  applicationVersion: string
  poolSize?: number
  log: Log
}

/** DBOS on the service's own Postgres, in a schema of its own. DBOS is global: one engine per process at a time. */
export function createDbosEngine(options: DbosEngineOptions): RunEngine {
  const { databaseUrl, executorId, applicationVersion, poolSize = 5, log } = options
  // Begun inside another run's context, a run would become that run's child; this keeps the context of creation.
  const outside = new AsyncResource('run-engine')
  let workflow: ((run: RunRef) => Promise<void>) | undefined
  let ending: Promise<void> | undefined

  return {
    async start(execute) {
      // After a restart of the database runs must go on within seconds, not after a minute of back-off.
      Object.assign(dbRetryConfig, { initialBackoffSec: 0.1, maxBackoffSec: 1 })
      DBOS.setConfig({
        name: 'apex-chat',
        systemDatabaseUrl: withIdleTimeout(databaseUrl),
        systemDatabaseIdleTransactionTimeoutMs: 0,
        systemDatabaseSchemaName: 'chat_engine',
        systemDatabasePoolSize: poolSize,
        useListenNotify: false,
        executorID: executorId,
        applicationVersion,
        enableOTLP: false,
        tracingEnabled: false,
        logger: engineLogger(log),
      })
      workflow = DBOS.registerWorkflow(execute, { name: 'run' })
      await DBOS.launch()
    },
    async begin(run) {
      const target = workflow
      if (!target || ending) return
      await outside.runInAsyncScope(() => DBOS.startWorkflow(target, { workflowID: run.runId })(run))
    },
    checkpoint,
    async takeOver(executorIds) {
      if (ending) return
      await outside.runInAsyncScope(() => DBOSExecutor.globalInstance?.recoverPendingWorkflows(executorIds))
    },
    async listEnded(limit) {
      if (ending) return []
      const status = ['SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'] as const
      const ended = await DBOS.listWorkflows({ status: [...status], limit, loadInput: false, loadOutput: false })
      return ended.map(({ workflowID }) => workflowID)
    },
    async forget(runIds) {
      if (!ending && runIds.length > 0) await DBOS.deleteWorkflows([...runIds])
    },
    async [Symbol.asyncDispose]() {
      ending ??= DBOS.isInitialized() ? DBOS.shutdown({ deregister: true }) : Promise.resolve()
      await ending
    },
  }
}

type Saved = { stepId: string; result?: Json; failure?: Failure }
type Failure = { code: ErrorCode; message: string; retryable: boolean; charged: boolean }

// DBOS numbers checkpoints in the order of calls, which agents that work in parallel do not repeat. So a checkpoint
// carries its step's id, and one found under another step's number is not believed: `work` then consults our own result.
// A failure is kept as data because an error does not come back from the engine as what it was.
async function checkpoint<T extends Json>(stepId: string, work: () => Promise<T>): Promise<T> {
  let thrown: unknown
  const saved: Saved = await DBOS.runStep(
    async (): Promise<Saved> => {
      try {
        return { stepId, result: await work() }
      } catch (error) {
        thrown = error
        const { code, message, retryable, charged } = toAppError(error)
        return { stepId, failure: { code, message, retryable, charged } }
      }
    },
    { name: 'step' },
  )
  if (saved.stepId !== stepId) return work()
  if (!saved.failure) return saved.result as T
  throw thrown ?? new AppError(saved.failure.code, saved.failure.message, saved.failure)
}

// As a start-up option; the engine's own way sends a statement beside the first one, which the driver warns of.
function withIdleTimeout(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  const options = url.searchParams.get('options') ?? ''
  url.searchParams.set('options', `${options} -c idle_in_transaction_session_timeout=60000`.trim())
  return url.href
}

function engineLogger(log: Log): DLogger {
  const engine = log.child({ part: 'engine' })
  const say = (level: 'debug' | 'warn') => (entry: unknown) => engine[level]({}, String(entry))
  return {
    // Routine for the engine is noise for whoever runs it; failures of runs are logged where they are understood.
    info: say('debug'),
    debug: say('debug'),
    warn: say('debug'),
    error: say('warn'),
  }
}
