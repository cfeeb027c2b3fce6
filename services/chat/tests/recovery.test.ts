import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@apex/kit/clock'
import { waitFor } from '@apex/kit/testing/wait-for'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import type { Conductor } from '../src/runs/run-worker.ts'
import { ThreadLog } from '../src/threads/thread-log.ts'
import { createWake } from '../src/threads/wake.ts'
import { chatDatabase, createChatParts, somebody, textDelta } from './fixture/chat-parts.ts'
import { RunningChat } from './fixture/running-chat.ts'

const finished = (events: ThreadEvent[]) => events.filter((event) => event.type === 'run_finished')

describe('a service that stops and starts again', () => {
  test('leaves a run in work for the next start, which ends it once', async () => {
    const { url } = await chatDatabase()
    let acts = 0
    let held = true
    const conduct: Conductor = async (context) => {
      await context.step('act', async () => ({ result: ++acts, events: [textDelta('acted')] }))
      await context.step('long', async (step) => {
        if (held) await step.append([textDelta('half')])
        if (held)
          await new Promise((_, reject) => step.signal.addEventListener('abort', () => reject(step.signal.reason)))
        return { result: null, events: [textDelta('whole')] }
      })
      return { reportKind: null, costUsd: '0' }
    }
    const first = await RunningChat.start(url, { conduct })
    const person = await first.person({ userId: 'user', organizationId: 'org' })
    const { body } = await person.ask()
    await waitFor(
      async () => (await person.events(body.run.threadId)).filter((event) => event.type === 'text_delta').length === 2,
    )
    await first[Symbol.asyncDispose]()

    held = false
    const second = await RunningChat.start(url, { conduct })
    const again = await second.person({ userId: 'user', organizationId: 'org' })
    await again.ended(body.run.id)

    const events = await again.events(body.run.threadId)
    expect(acts).toBe(1)
    expect(finished(events)).toMatchObject([{ payload: { outcome: 'completed' } }])
    expect(events.at(-1)?.type).toBe('run_finished')
    expect(events.filter((event) => event.type === 'attempt_superseded')).toMatchObject([
      { payload: { supersededStepId: 'long', supersededAttempt: 1 } },
    ])
    expect(second.lines.filter((line) => line.level === 'error')).toEqual([])
    await second[Symbol.asyncDispose]()
  })

  test('keeps nothing of what ended runs said beside their conversation', async () => {
    const { sql, url } = await chatDatabase()
    const remembered = async () => (await sql`select output from chat_engine.operation_outputs`).length
    const conduct: Conductor = async (context) => {
      await context.step('speak', async () => ({ result: 'Hello.', events: [textDelta('Hello.')] }))
      return { reportKind: null, costUsd: '0' }
    }
    const first = await RunningChat.start(url, { conduct })
    const person = await first.person()
    const { body } = await person.ask()
    await person.ended(body.run.id)
    await waitFor(async () => (await remembered()) > 0)
    await first[Symbol.asyncDispose]()

    const second = await RunningChat.start(url, { conduct })
    await waitFor(async () => (await remembered()) === 0, { timeoutMs: 10_000 })
    await second[Symbol.asyncDispose]()
  })

  test('begins what was accepted and never begun, and ends what is out of time', async () => {
    const { sql, url } = await chatDatabase()
    const user = somebody()
    // Parts whose engine never begins anything, as if the process had died right after the commit.
    const dying = createChatParts(sql, { conduct: () => new Promise(() => undefined) })
    const late = (await dying.ask(user)).run
    const fresh = (await dying.ask(user)).run
    const waiting = (await dying.ask(user)).run
    await sql`
      update run set deadline_at = now() - interval '1 second'
      where id = ${late.id} and organization_id = ${user.organizationId}`

    const chat = await RunningChat.start(url)
    const person = await chat.person({ userId: user.userId, organizationId: user.organizationId })
    for (const run of [late, fresh, waiting]) await person.ended(run.id)

    const [timeout] = finished(await person.events(late.threadId))
    expect(timeout?.payload).toMatchObject({ outcome: 'failed', error: { code: 'timeout', retryable: true } })
    expect(finished(await person.events(fresh.threadId))).toMatchObject([{ payload: { outcome: 'completed' } }])
    expect(finished(await person.events(waiting.threadId))).toMatchObject([{ payload: { outcome: 'completed' } }])
    await chat[Symbol.asyncDispose]()
  })

  test('hands its runs to another node when it stops for good', async () => {
    const { url } = await chatDatabase()
    let held = true
    const conduct: Conductor = async (context) => {
      await context.step('long', async (step) => {
        if (held)
          await new Promise((_, reject) => step.signal.addEventListener('abort', () => reject(step.signal.reason)))
        return { result: null, events: [textDelta('done')] }
      })
      return { reportKind: null, costUsd: '0' }
    }
    const first = await RunningChat.start(url, { conduct, nodeId: 'node-a' })
    const { body } = await (await first.person({ userId: 'user', organizationId: 'org' })).ask()
    await first[Symbol.asyncDispose]()

    held = false
    const second = await RunningChat.start(url, { conduct, nodeId: 'node-b' })
    const person = await second.person({ userId: 'user', organizationId: 'org' })
    await person.ended(body.run.id)

    expect(finished(await person.events(body.run.threadId))).toMatchObject([{ payload: { outcome: 'completed' } }])
    await second[Symbol.asyncDispose]()
  })

  test('ends a run once though every database connection is cut in its middle', async () => {
    const { sql, url } = await chatDatabase()
    const { promise: half, resolve } = Promise.withResolvers<void>()
    const conduct: Conductor = async (context) => {
      await context.step('count', async (step) => {
        for (let index = 0; index < 20; index += 1) {
          await step.append([textDelta(`${index} `)])
          if (index === 9) {
            resolve()
            await cut
          }
        }
        return { result: null }
      })
      return { reportKind: null, costUsd: '0' }
    }
    const { promise: cut, resolve: goOn } = Promise.withResolvers<void>()
    const chat = await RunningChat.start(url, { conduct })
    const person = await chat.person()
    const { body } = await person.ask()
    await half
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
    goOn()
    await waitFor(() => person.ended(body.run.id).catch(() => false), { timeoutMs: 15_000 })

    const events = await person.events(body.run.threadId)
    expect(finished(events)).toMatchObject([{ payload: { outcome: 'completed' } }])
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
    const last = Math.max(...events.map((event) => (event.type === 'text_delta' ? (event.attempt ?? 0) : 0)))
    const said = events.filter((event) => event.type === 'text_delta' && event.attempt === last)
    expect(said).toHaveLength(20)
    await chat[Symbol.asyncDispose]()
  })

  test('shows what another node appended, though nobody woke its viewers', async () => {
    const { sql, url } = await chatDatabase()
    const chat = await RunningChat.start(url)
    const person = await chat.person()
    const { body } = await person.ask()
    const { threadId } = body.run
    await person.ended(body.run.id)
    const socket = await person.open([
      { stream: `thread:${threadId}`, epoch: 0, seq: 0 },
      { stream: `user:${person.userId}`, epoch: 0, seq: 0 },
    ])
    await socket.frame('live')
    const seen = socket.frames.filter((frame) => frame.kind === 'user_changed').length

    const elsewhere = new ThreadLog(sql, createWake(), systemClock)
    const payload = { title: 'From elsewhere', by: 'user' } as const
    const thread = { threadId, organizationId: person.organizationId }
    await elsewhere.commit((journal) =>
      journal.append(thread, [{ type: 'thread_renamed', payload, correlationId: 'test' }]),
    )

    await waitFor(() => socket.events(`thread:${threadId}`).at(-1)?.type === 'thread_renamed')
    await waitFor(() => socket.frames.filter((frame) => frame.kind === 'user_changed').length > seen)
    await chat[Symbol.asyncDispose]()
  })
})

describe('a process killed in the middle of a run', () => {
  const points = ['after-commit-before-checkpoint', 'inside-step', 'before-run-finished']

  test.each(points)('at %s goes on at the next start: one end, each effect once', async (point) => {
    const { sql, url } = await chatDatabase()
    const folder = await mkdtemp(join(tmpdir(), 'apex-chat-'))
    const user = { organizationId: 'org', userId: 'user' }
    const [threadId, effects] = [uuidv7(), join(folder, 'effects')]
    const env = {
      ...process.env,
      NODE_ENV: 'test',
      CHAT_TEST_DATABASE: url,
      CHAT_TEST_THREAD: threadId,
      CHAT_TEST_EFFECTS: effects,
      APEX_CRASH_AT: point,
      APEX_CRASH_MARKER: join(folder, 'crashed'),
    }

    const doomed = startChild(env)
    expect(await doomed.exited).toBe('SIGKILL')
    const again = startChild(env)
    const log = new ThreadLog(sql, createWake(), systemClock)
    const thread = { threadId, organizationId: user.organizationId }
    const events = await waitFor(
      async () => {
        const all = await log.after(thread, 0, 1_000)
        return finished(all).length > 0 ? all : undefined
      },
      { timeoutMs: 15_000, what: 'the end of the run' },
    )
    again.child.kill('SIGTERM')
    await again.exited

    expect(finished(events)).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ type: 'run_finished', payload: { outcome: 'completed' } })
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
    const superseded = events.filter((event) => event.type === 'attempt_superseded').map((event) => event.payload)
    const kept = events.filter(
      (event) =>
        event.type === 'text_delta' &&
        !superseded.some((each) => each.supersededStepId === event.stepId && each.supersededAttempt === event.attempt),
    )
    expect(kept.map((event) => event.type === 'text_delta' && event.payload.text)).toEqual(['one', 'two', 'three'])
    // The effect of a step whose commit was reached is never repeated; one whose was not, is.
    const acted = (await readFile(effects, 'utf8')).trim().split('\n')
    expect(acted).toEqual(point === 'inside-step' ? ['one', 'two', 'two', 'three'] : ['one', 'two', 'three'])
    await rm(folder, { recursive: true })
  })
})

function startChild(env: NodeJS.ProcessEnv): { child: ChildProcess; exited: Promise<string | number> } {
  const script = new URL('./fixture/crashing-chat.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  return { child, exited: once(child, 'exit').then(([code, signal]) => (signal ?? code) as string | number) }
}
