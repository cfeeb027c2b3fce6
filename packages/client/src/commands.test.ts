import type { StartRun } from '@apex/protocol/endpoints/chat/start-run'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { Commands, type PendingMessage } from './commands.ts'
import { createHttpClient } from './http-client.ts'
import { ManualTimers, settle } from './testing/manual-timers.ts'
import { uuid } from './testing/thread-log.ts'

type Body = z.output<NonNullable<typeof StartRun.body>>

function result(messageId = uuid(2)) {
  const run = {
    id: uuid(9),
    threadId: uuid(1),
    messageId,
    replyMessageId: uuid(8),
    state: 'queued',
    outcome: null,
    reportKind: null,
    waitingFor: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    finishedAt: null,
    deadlineAt: '2026-01-01T00:10:00.000Z',
  }
  return Response.json({ run, seq: 1 }, { status: 202 })
}

function refusal(status: number, code: string, retryable: boolean, retryAfter?: number) {
  const facts = { type: '', title: 'No', detail: 'No.', charged: false, requestId: '' }
  return Response.json({ ...facts, code, status, retryable, ...(retryAfter && { retryAfter }) }, { status })
}

/** Commands against a server that keeps what it was asked and answers as told; the last answer repeats. */
function stage(...answers: (() => Response)[]) {
  const bodies: Body[] = []
  const timers = new ManualTimers()
  let made = 0
  const http = createHttpClient({
    baseUrl: 'http://apex.test',
    fetch: async (request) => {
      bodies.push((await request.json()) as Body)
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (!answer) throw new TypeError('fetch failed')
      return answer()
    },
  })
  const commands = new Commands({ http, newId: () => uuid(0x700 + ++made), timers, random: () => 1 })
  const states: PendingMessage['state'][] = []
  commands.subscribe(() => {
    const [message] = commands.outbox()
    if (message && message.state !== states.at(-1)) states.push(message.state)
  })
  return { commands, bodies, timers, states }
}

const lost = () => {
  throw new TypeError('fetch failed')
}

describe('Commands', () => {
  test('sends a message once and keeps it in the outbox until its thread shows it', async () => {
    const { commands, bodies, states } = stage(result)

    await commands.startRun({ threadId: uuid(1), text: 'Why?' })

    expect(bodies).toEqual([{ commandId: uuid(0x701), messageId: uuid(0x702), parentMessageId: null, text: 'Why?' }])
    expect(states).toEqual(['sending', 'sent'])
    commands.forget([uuid(0x702)])
    expect(commands.outbox()).toEqual([])
  })

  test('repeats the same ids until it gets an answer, so that one click is one run', async () => {
    const { commands, bodies, timers, states } = stage(lost, () => refusal(503, 'busy', true, 5), result)

    const sent = commands.startRun({ threadId: uuid(1), text: 'Why?' })
    await timers.advance(500)
    expect(bodies).toHaveLength(2)
    await timers.advance(4_999)
    expect(bodies).toHaveLength(2)
    await timers.advance(1)

    await expect(sent).resolves.toMatchObject({ seq: 1 })
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
    expect(states).toEqual(['sending', 'waiting', 'sending', 'waiting', 'sending', 'sent'])
  })

  test('tries at once when the network is back', async () => {
    const { commands, bodies } = stage(lost, result)
    const sent = commands.startRun({ threadId: uuid(1), text: 'Why?' })
    await settle()
    for (let turn = 0; turn < 50 && commands.outbox()[0]?.state !== 'waiting'; turn++) await settle()

    commands.retryNow()

    await expect(sent).resolves.toMatchObject({ seq: 1 })
    expect(bodies).toHaveLength(2)
  })

  test('fails at once when the server refuses for good, and is sent again as the same message', async () => {
    const { commands, bodies } = stage(() => refusal(409, 'conflict', false), result)

    await expect(commands.startRun({ threadId: uuid(1), text: 'Why?' })).rejects.toMatchObject({ code: 'conflict' })
    expect(commands.outbox()).toMatchObject([{ state: 'failed', error: { code: 'conflict' } }])
    await commands.retry(uuid(0x702))

    expect(bodies[1]).toEqual(bodies[0])
    await expect(commands.retry(uuid(0x702))).rejects.toThrow('No failed message')
  })

  test('gives up after a minute without an answer', async () => {
    const { commands, timers } = stage(lost)
    const sent = commands.startRun({ threadId: uuid(1), text: 'Why?' })
    const outcome = sent.catch((error: unknown) => error)

    for (let second = 0; second < 61; second++) await timers.advance(1_000)

    await expect(outcome).resolves.toMatchObject({ name: 'UnreachableError' })
    expect(commands.outbox()).toMatchObject([{ state: 'failed' }])
  })

  test('stops a run with one command id however often it has to ask', async () => {
    const { commands, bodies, timers } = stage(lost, result)

    const stopped = commands.stopRun(uuid(9))
    await timers.advance(500)

    await expect(stopped).resolves.toMatchObject({ run: { id: uuid(9) } })
    expect(bodies).toEqual([{ commandId: uuid(0x701) }, { commandId: uuid(0x701) }])
  })
})
