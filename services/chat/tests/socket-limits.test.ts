import { waitFor } from '@apex/kit/testing/wait-for'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Conductor } from '../src/runs/run-worker.ts'
import { chatDatabase, textDelta } from './fixture/chat-parts.ts'
import { RunningChat } from './fixture/running-chat.ts'

const hello = { kind: 'hello', version: 'apex.v1', clientId: 'client', tabId: 'tab', streams: [] }
const from = (threadId: string) => ({ stream: `thread:${threadId}`, epoch: 0, seq: 0 })

describe('a socket under short limits', () => {
  let chat: RunningChat
  beforeAll(async () => {
    const { url } = await chatDatabase()
    const socketLimits = {
      helloTimeoutMs: 200,
      pingMs: 100,
      pongDeadlineMs: 2_500,
      reconnectTicketRenewMs: 150,
      slowConsumerMs: 300,
      pauseAboveBytes: 20_000,
      resumeBelowBytes: 5_000,
    }
    chat = await RunningChat.start(url, { conduct: talking, socketLimits })
  })
  afterAll(() => chat?.[Symbol.asyncDispose]())

  test('closes with 4100 when nobody says hello', async () => {
    const socket = await chat.socket()
    expect(await socket.closed()).toBe(4100)
  })

  test('pings with the heads of its streams and renews the reconnect ticket', async () => {
    const person = await chat.person()
    const { body } = await person.ask({ text: '1 byte' })
    await person.ended(body.run.id)
    const socket = await person.open([from(body.run.threadId)])
    const { head } = await socket.frame('live')

    const pings = await socket.all('ping', 5)

    expect(pings.at(-1)?.heads).toEqual([{ stream: `thread:${body.run.threadId}`, seq: head }])
    const [renewed] = await socket.all('ticket', 1)
    const back = await chat.socket()
    back.send({ ...hello, ticket: renewed?.reconnectTicket })
    await waitFor(() => back.frames.length > 0 || back.closeCode)
  })

  test('closes with 4203 when a ping stays unanswered', async () => {
    const person = await chat.person()
    const socket = await person.open()
    socket.answersPings = false
    expect(await socket.closed()).toBe(4203)
  })

  test('gives up a peer that does not read, and others do not notice', async () => {
    const person = await chat.person()
    const { body } = await person.ask({ text: '12000000 bytes' })
    await person.ended(body.run.id)
    const stuck = await person.open()
    await stuck.frame('welcome')
    stuck.send({ kind: 'subscribe', streams: [from(body.run.threadId)] })
    stuck.pause()
    const reader = await person.open([from(body.run.threadId)])

    await waitFor(() => reader.frames.some((frame) => frame.kind === 'live'), { timeoutMs: 10_000 })
    await waitFor(() => chat.lines.some((line) => line.msg === 'socket closed' && line['code'] === 4202))

    const { head } = await reader.frame('live')
    const seqs = reader.events(`thread:${body.run.threadId}`).map((event) => event.seq)
    expect(seqs).toEqual(Array.from({ length: head }, (_, index) => index + 1))
  })

  test('announces its end and closes with 4201 when the service stops', async () => {
    const { url } = await chatDatabase()
    await chat[Symbol.asyncDispose]()
    chat = await RunningChat.start(url, { conduct: talking })
    const person = await chat.person()
    const socket = await person.open()
    await socket.frame('welcome')

    await chat.service[Symbol.asyncDispose]()

    expect(await socket.frame('goaway')).toMatchObject({ windowMs: 5_000 })
    expect(await socket.closed()).toBe(4201)
  })
})

describe('admission', () => {
  test('refuses with 429 too many upgrades from one address, and with 503 more sockets than the node takes', async () => {
    const { url } = await chatDatabase()
    const chat = await RunningChat.start(url, {
      socketLimits: { socketsPerNode: 2, upgradeBurst: 4, upgradesPerSecond: 0.01 },
    })
    await chat.socket()
    await chat.socket()

    await expect(chat.socket()).rejects.toMatchObject({ status: 503 })

    await expect(chat.socket()).rejects.toMatchObject({ status: 503 })
    await expect(chat.socket()).rejects.toMatchObject({ status: 429 })
    await chat[Symbol.asyncDispose]()
  })
})

/** Says as many bytes as the question asks for, in pieces of 500 kB. */
const talking: Conductor = async (context) => {
  const bytes = Number(/\d+/.exec(context.facts.question)?.[0] ?? 1)
  await context.step('talk', async (step) => {
    for (let said = 0; said < bytes; said += 500_000)
      await step.append([textDelta('x'.repeat(Math.min(500_000, bytes - said)))])
    return { result: null }
  })
  return { reportKind: null, costUsd: '0' }
}
