import { NotFoundError } from '@apex/kit/app-error'
import { waitFor } from '@apex/kit/testing/wait-for'
import type { Run } from '@apex/protocol/run'
import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { IdempotencyMismatchError, MessageExistsError, QueueFullError, UnknownParentError } from '../src/errors.ts'
import { findRun } from '../src/runs/runs.ts'
import { stopRun } from '../src/runs/stop-run.ts'
import { type ChatParts, chatDatabase, createChatParts, somebody, waitingForLocks } from './fixture/chat-parts.ts'

describe('commands', async () => {
  const { sql } = await chatDatabase({ max: 10 })

  test('a command repeated at the same instant has one effect and one answer', async () => {
    const parts = createChatParts(sql)
    const user = somebody()
    const command = { commandId: uuidv7(), threadId: uuidv7(), messageId: uuidv7(), text: 'Once?' }

    const answers = await Promise.all(Array.from({ length: 8 }, () => parts.ask(user, command)))
    await Promise.all(parts.works)

    for (const answer of answers) expect(answer).toEqual(answers[0])
    const log = await parts.whole(user, command.threadId)
    expect(log.filter((event) => event.type === 'message_posted')).toHaveLength(1)
    expect(log.filter((event) => event.type === 'run_finished')).toHaveLength(1)
  })

  test('the same id with another body is refused, and another message with a known id too', async () => {
    const parts = createChatParts(sql)
    const user = somebody()
    const command = { commandId: uuidv7(), threadId: uuidv7(), messageId: uuidv7(), text: 'This.' }
    await parts.ask(user, command)

    await expect(parts.ask(user, { ...command, text: 'That.' })).rejects.toThrow(IdempotencyMismatchError)
    await expect(parts.ask(user, { ...command, commandId: uuidv7() })).rejects.toThrow(MessageExistsError)
  })

  test('a parent that the conversation does not have is refused and leaves nothing', async () => {
    const parts = createChatParts(sql)
    const user = somebody()
    const threadId = uuidv7()

    await expect(parts.ask(user, { threadId, parentMessageId: uuidv7() })).rejects.toThrow(UnknownParentError)

    await expect(parts.threads.find(user, threadId)).rejects.toThrow(NotFoundError)
  })

  test("another person's thread, run and command ids are as if they were not there", async () => {
    const parts = createChatParts(sql)
    const [owner, stranger] = [somebody(), somebody()]
    const command = { commandId: uuidv7(), threadId: uuidv7(), messageId: uuidv7(), text: 'Mine.' }
    const { run } = await parts.ask(owner, command)
    const colleague = { ...somebody(), organizationId: owner.organizationId }

    for (const other of [stranger, colleague]) {
      await expect(parts.ask(other, { threadId: command.threadId })).rejects.toThrow(NotFoundError)
      await expect(stopRun(parts, other, { commandId: uuidv7(), runId: run.id })).rejects.toThrow(NotFoundError)
      await expect(findRun(sql, other, run.id)).rejects.toThrow(NotFoundError)
      await expect(parts.threads.find(other, command.threadId)).rejects.toThrow(NotFoundError)
      await expect(parts.threads.messages(other, command.threadId)).rejects.toThrow(NotFoundError)
      await expect(parts.threads.remove(other, command.threadId)).rejects.toThrow(NotFoundError)
      const renaming = { commandId: uuidv7(), threadId: command.threadId, title: 'Mine', correlationId: 'test' }
      await expect(parts.threads.rename(other, renaming)).rejects.toThrow(NotFoundError)
      // The same command id is another person's own affair.
      expect((await parts.ask(other, { commandId: command.commandId })).run.state).toBe('running')
    }
  })
})

describe('the queue', async () => {
  const { sql } = await chatDatabase({ max: 10 })

  /** Parts whose runs work until they are told to end. */
  function held(runningPerUser = 2) {
    const gates = new Map<string, () => void>()
    const parts = createChatParts(sql, {
      runningPerUser,
      conduct: async (context) => {
        await new Promise<void>((resolve) => gates.set(context.facts.runId, resolve))
        return { reportKind: null, costUsd: '0' }
      },
    })
    const release = async (runId: string) => (await waitFor(() => gates.get(runId)))()
    return { parts, release }
  }

  const stateOf = async (parts: ChatParts, user: ReturnType<typeof somebody>, runId: string) =>
    (await findRun(parts.sql, user, runId)).state

  test('lets a person have two runs at work, shows the others why they wait, and starts them in order', async () => {
    const { parts, release } = held()
    const user = somebody()
    const asked = []
    for (let index = 0; index < 4; index += 1) asked.push((await parts.ask(user)).run)

    expect(asked.map((run) => run.state)).toEqual(['running', 'running', 'queued', 'queued'])
    expect(asked[2]?.waitingFor).toContain('2 of your other questions')
    const [queued] = (await parts.whole(user, asked[3]?.threadId ?? '')).filter((event) => event.type === 'run_queued')
    expect(queued?.payload).toMatchObject({ ahead: 3 })

    const [first, , third, fourth] = asked
    await release(first?.id ?? '')
    await waitFor(async () => (await stateOf(parts, user, third?.id ?? '')) === 'running')
    expect(await stateOf(parts, user, fourth?.id ?? '')).toBe('queued')
  })

  test("one person's full queue does not delay another's run", async () => {
    const { parts } = held()
    const [busy, other] = [somebody(), somebody()]
    for (let index = 0; index < 10; index += 1) await parts.ask(busy)

    expect((await parts.ask(other)).run.state).toBe('running')
  })

  test('answers one question of a conversation at a time', async () => {
    const { parts, release } = held()
    const user = somebody()
    const threadId = uuidv7()
    const first = (await parts.ask(user, { threadId })).run
    const second = (await parts.ask(user, { threadId })).run

    expect([first.state, second.state]).toEqual(['running', 'queued'])
    expect(second.waitingFor).toContain('in this conversation')
    await release(first.id)
    await waitFor(async () => (await stateOf(parts, user, second.id)) === 'running')
  })

  test('a stopped waiting run never starts', async () => {
    const { parts, release } = held(1)
    const user = somebody()
    const first = (await parts.ask(user)).run
    const second = (await parts.ask(user)).run
    const third = (await parts.ask(user)).run

    await stopRun(parts, user, { commandId: uuidv7(), runId: second.id })
    await release(first.id)

    await waitFor(async () => (await stateOf(parts, user, third.id)) === 'running')
    const log = await parts.whole(user, second.threadId)
    expect(log.map((event) => event.type)).toEqual(['message_posted', 'thread_renamed', 'run_queued', 'run_finished'])
  })

  test('refuses more waiting runs than one person may have', async () => {
    const { parts } = held(1)
    const user = somebody()
    for (let index = 0; index < 21; index += 1) await parts.ask(user)

    await expect(parts.ask(user)).rejects.toThrow(QueueFullError)
  })

  test('never lets more than two of a person work, whatever comes at once', async () => {
    const { parts } = held()
    const user = somebody()
    await Promise.all(Array.from({ length: 8 }, () => parts.ask(user)))

    const rows = await sql<{ running: number }[]>`
      select count(*)::int as running from run
      where organization_id = ${user.organizationId} and user_id = ${user.userId} and state = 'running'`
    expect(rows[0]?.running).toBe(2)
  })

  test('a deleted conversation ends its runs, frees the slot and is gone', async () => {
    const { parts } = held(1)
    const user = somebody()
    const first = (await parts.ask(user)).run
    const second = (await parts.ask(user)).run

    await parts.threads.remove(user, first.threadId)

    await waitFor(async () => (await stateOf(parts, user, second.id)) === 'running')
    await expect(parts.threads.find(user, first.threadId)).rejects.toThrow(NotFoundError)
    await expect(parts.ask(user, { threadId: first.threadId })).rejects.toThrow(NotFoundError)
    expect(await parts.whole(user, first.threadId)).toEqual([])
    expect(await parts.sql`select id from command where outcome::text like ${`%${first.threadId}%`}`).toEqual([])
    expect((await parts.threads.list(user, { limit: 10 })).threads.map((thread) => thread.id)).toEqual([
      second.threadId,
    ])
  })
})

describe('locks', async () => {
  const { sql } = await chatDatabase({ max: 10 })
  const commands: [string, (parts: ChatParts, user: ReturnType<typeof somebody>, run: Run) => Promise<unknown>][] = [
    ['stopping a run', (parts, user, run) => stopRun(parts, user, { commandId: uuidv7(), runId: run.id })],
    ['deleting a conversation', (parts, user, run) => parts.threads.remove(user, run.threadId)],
    ['the end of a run', (parts, user, run) => parts.worker.execute({ runId: run.id, ...user })],
  ]

  test.each(commands)('%s takes the thread before the run', async (_name, command) => {
    const parts = createChatParts(sql, { conduct: async () => ({ reportKind: null, costUsd: '0' }) })
    parts.engine.begin = async () => undefined
    const user = somebody()
    const { run } = await parts.ask(user)

    const done = await parts.journal.commit(async (transaction) => {
      await transaction.lock({ threadId: run.threadId, organizationId: user.organizationId })
      const waiting = command(parts, user, run)
      await waitFor(async () => (await waitingForLocks(sql)) > 0)
      // Free for whoever holds the thread; in the other order the two would wait for each other.
      expect(await transaction.sql`select id from run where id = ${run.id} for update nowait`).toHaveLength(1)
      return { waiting }
    })
    await done.waiting
  })
})

describe('the thread list', async () => {
  const { sql } = await chatDatabase()

  test('gives every thread once over its pages, newest change first, and finds titles', async () => {
    const parts = createChatParts(sql, { runningPerUser: 50 })
    const user = somebody()
    for (let index = 0; index < 7; index += 1) await parts.ask(user, { text: `Question number ${index} % of cost` })
    await Promise.all(parts.works)

    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await parts.threads.list(user, { limit: 3, ...(cursor ? { cursor } : {}) })
      seen.push(...page.threads.map((thread) => thread.title))
      cursor = page.nextCursor ?? undefined
    } while (cursor)

    expect(seen).toHaveLength(7)
    expect(new Set(seen).size).toBe(7)
    const found = await parts.threads.list(user, { limit: 10, search: 'NUMBER 3 %' })
    expect(found.threads.map((thread) => thread.title)).toEqual(['Question number 3 % of cost'])
    await expect(parts.threads.list(user, { limit: 3, cursor: "'; drop table thread" })).rejects.toThrow('cursor')
  })

  test('a renamed thread keeps its name, and the command its answer', async () => {
    const parts = createChatParts(sql)
    const user = somebody()
    const { run } = await parts.ask(user)
    const command = { commandId: uuidv7(), threadId: run.threadId, title: 'Named', correlationId: 'test' }

    const renamed = await parts.threads.rename(user, command)

    expect(renamed.thread.title).toBe('Named')
    expect(await parts.threads.rename(user, command)).toEqual(renamed)
    await expect(parts.threads.rename(user, { ...command, title: 'Other' })).rejects.toThrow(IdempotencyMismatchError)
  })
})
