import { AppError } from '@apex/kit/app-error'
import { captureLog } from '@apex/kit/testing/capture-log'
import { testDatabase } from '@apex/kit/testing/test-database'
import { waitFor } from '@apex/kit/testing/wait-for'
import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { createDbosEngine } from '../src/runs/dbos-engine.ts'
import type { RunEngine, RunRef } from '../src/runs/engine.ts'

describe('the engine on DBOS', async () => {
  const { url, sql } = await testDatabase()

  async function withEngine<T>(
    execute: (engine: RunEngine, run: RunRef) => Promise<void>,
    work: (engine: RunEngine) => Promise<T>,
    executorId = 'node-1',
  ): Promise<{ result: T; output: string }> {
    const { log, lines } = captureLog()
    const engine = createDbosEngine({ databaseUrl: url, executorId, applicationVersion: '1', log })
    try {
      await engine.start((run) => execute(engine, run))
      return { result: await work(engine), output: JSON.stringify(lines) }
    } finally {
      await engine[Symbol.asyncDispose]()
    }
  }

  const newRun = () => ({ runId: uuidv7(), organizationId: 'org' })

  test('begins a run once, however often it is asked', async () => {
    const run = newRun()
    let begun = 0
    await withEngine(
      async () => void (begun += 1),
      async (engine) => {
        await Promise.all([engine.begin(run), engine.begin(run), engine.begin(run)])
        await waitFor(() => begun > 0)
        await engine.begin(run)
      },
    )

    expect(begun).toBe(1)
  })

  test('takes up at the next start what was left, passing over what was reached', async () => {
    const run = newRun()
    const acts: string[] = []
    const stepped = async (engine: RunEngine, last: () => Promise<null>) => {
      acts.push(await engine.checkpoint('a', async () => `a${acts.length}`))
      await engine.checkpoint('b', last)
    }
    await withEngine(
      (engine) => stepped(engine, () => new Promise(() => undefined)),
      async (engine) => {
        await engine.begin(run)
        await waitFor(() => acts.length === 1)
      },
    )

    let ended = false
    await withEngine(
      (engine) => stepped(engine, async () => ((ended = true), null)),
      () => waitFor(() => ended, { timeoutMs: 10_000 }),
    )

    expect(acts).toEqual(['a0', 'a0'])
  })

  test('gives a failed step the same error in a replay', async () => {
    const run = newRun()
    const errors: unknown[] = []
    let held = true
    const conduct = async (engine: RunEngine) => {
      const work = async () => {
        throw new AppError('unprocessable', 'No.', { charged: true })
      }
      await engine.checkpoint('fails', work).catch((error: unknown) => errors.push(error))
      if (held) await new Promise(() => undefined)
    }
    await withEngine(conduct, async (engine) => {
      await engine.begin(run)
      await waitFor(() => errors.length === 1)
    })
    held = false
    await withEngine(conduct, () => waitFor(() => errors.length === 2, { timeoutMs: 10_000 }))

    for (const error of errors) expect(error).toMatchObject({ code: 'unprocessable', message: 'No.', charged: true })
  })

  test('parallel steps that come in another order in a replay get their own results', async () => {
    const run = newRun()
    const results: string[][] = []
    let order = ['left', 'right']
    let held = true
    const conduct = async (engine: RunEngine) => {
      const work = order.map((stepId) => engine.checkpoint(stepId, async () => `result of ${stepId}`))
      results.push((await Promise.all(work)).toSorted())
      if (held) await new Promise(() => undefined)
    }
    await withEngine(conduct, async (engine) => {
      await engine.begin(run)
      await waitFor(() => results.length === 1)
    })
    held = false
    order = ['right', 'left']
    await withEngine(conduct, () => waitFor(() => results.length === 2, { timeoutMs: 10_000 }))

    expect(results).toEqual([
      ['result of left', 'result of right'],
      ['result of left', 'result of right'],
    ])
  })

  test('takes over the runs of a node that is gone', async () => {
    const run = newRun()
    let begun = false
    await withEngine(
      async () => {
        begun = true
        await new Promise(() => undefined)
      },
      async (engine) => {
        await engine.begin(run)
        await waitFor(() => begun)
      },
      'node-that-dies',
    )

    let taken = false
    await withEngine(
      async (_engine, { runId }) => void (taken ||= runId === run.runId),
      async (engine) => {
        await engine.takeOver(['node-that-dies'])
        await waitFor(() => taken, { timeoutMs: 10_000 })
      },
      'node-that-lives',
    )
  })

  test('forgets ended runs with everything their steps gave, and no others', async () => {
    const [done, failed, held] = [newRun(), newRun(), newRun()]
    const { promise: release, resolve } = Promise.withResolvers<void>()
    await withEngine(
      async (engine, { runId }) => {
        await engine.checkpoint('say', async () => `secret of ${runId}`)
        if (runId === failed.runId) throw new AppError('unprocessable', 'It could not be done.')
        if (runId === held.runId) await release
      },
      async (engine) => {
        for (const run of [done, failed, held]) await engine.begin(run)
        const ended = await waitFor(async () => {
          const listed = await engine.listEnded(100)
          return [done, failed].every(({ runId }) => listed.includes(runId)) ? listed : undefined
        })
        expect(ended).not.toContain(held.runId)

        await engine.forget(ended)
        expect(await engine.listEnded(100)).toEqual([])
        resolve()
      },
    )

    const left = await sql<{ output: string }[]>`select output from chat_engine.operation_outputs`
    expect(left.map(({ output }) => output).join('\n')).not.toMatch(new RegExp(`${done.runId}|${failed.runId}`))
  })

  test('lives in its own schema and says nothing on the console', async () => {
    const { output } = await withEngine(
      async () => undefined,
      async () => undefined,
    )

    const schemas = await sql<{ name: string }[]>`
      select distinct table_schema as name from information_schema.tables where table_name = 'workflow_status'`
    expect(schemas.map((row) => row.name)).toEqual(['chat_engine'])
    expect(output).not.toMatch(/postgres:\/\/[^:]+:[^@[]+@/)
  })
})
