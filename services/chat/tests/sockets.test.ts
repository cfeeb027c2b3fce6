import { waitFor } from '@apex/kit/testing/wait-for'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Conductor } from '../src/runs/run-worker.ts'
import { chatDatabase, textDelta } from './fixture/chat-parts.ts'
import { ORIGIN, RunningChat } from './fixture/running-chat.ts'

/** Says as many pieces as the question asks for, each in its own commit. */
const counting: Conductor = async (context) => {
  const count = Number(/\d+/.exec(context.facts.question)?.[0] ?? 1)
  await context.step('count', async (step) => {
    for (let index = 0; index < count; index += 1) await step.append([textDelta(`${index} `)])
    return { result: null }
  })
  return { reportKind: null, costUsd: '0' }
}

const hello = { kind: 'hello', version: 'apex.v1', clientId: 'client', tabId: 'tab', streams: [] }
const from = (threadId: string, seq = 0) => ({ stream: `thread:${threadId}`, epoch: seq === 0 ? 0 : 1, seq })

describe('a socket', () => {
  let chat: RunningChat
  beforeAll(async () => {
    const { url } = await chatDatabase()
    chat = await RunningChat.start(url, { conduct: counting })
  })
  afterAll(() => chat?.[Symbol.asyncDispose]())

  test('greets, replays the whole log and says when it is caught up', async () => {
    const person = await chat.person()
    const { body } = await person.ask({ text: '5 pieces' })
    await person.ended(body.run.id)

    const socket = await person.open([from(body.run.threadId)])

    const welcome = await socket.frame('welcome')
    const live = await socket.frame('live')
    expect(welcome.streams).toMatchObject([{ state: 'ok', epoch: 1, head: live.head }])
    expect(socket.events(live.stream)).toEqual(await person.events(body.run.threadId))
  })

  test('follows a run live and delivers exactly the log', async () => {
    const person = await chat.person()
    const first = await person.ask({ text: '1 piece' })
    const { threadId } = first.body.run
    const socket = await person.open([from(threadId)])
    await socket.frame('live')

    await person.ask({ threadId, text: '40 pieces' })

    await waitFor(
      () => socket.events(`thread:${threadId}`).filter((event) => event.type === 'run_finished').length === 2,
    )
    const events = socket.events(`thread:${threadId}`)
    expect(events).toEqual(await person.events(threadId))
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
  })

  test('resumes after a cut without loss and without repeats', async () => {
    const person = await chat.person()
    const { body } = await person.ask({ text: '60 pieces' })
    const stream = `thread:${body.run.threadId}`
    const seen: number[] = []
    while (!seen.length || (await person.events(body.run.threadId)).length > seen.length) {
      const socket = await person.open([from(body.run.threadId, seen.length)])
      await waitFor(() => socket.events(stream).length > 0 || socket.frames.some((frame) => frame.kind === 'live'))
      socket.terminate()
      seen.push(...socket.events(stream).map((event) => event.seq))
    }
    await person.ended(body.run.id)
    const rest = await person.open([from(body.run.threadId, seen.length)])
    await rest.frame('live')
    seen.push(...rest.events(stream).map((event) => event.seq))

    expect(seen).toEqual((await person.events(body.run.threadId)).map((event) => event.seq))
  })

  test('gives many viewers of one conversation the same events', async () => {
    const person = await chat.person()
    const { body } = await person.ask({ text: '30 pieces' })
    const stream = `thread:${body.run.threadId}`
    const sockets = await Promise.all(Array.from({ length: 6 }, () => person.open([from(body.run.threadId)])))

    await waitFor(() => sockets.every((socket) => socket.events(stream).some((event) => event.type === 'run_finished')))

    const log = await person.events(body.run.threadId)
    for (const socket of sockets) expect(socket.events(stream)).toEqual(log)
  })

  test('subscribes and unsubscribes on the way, and notices changes of the thread list', async () => {
    const person = await chat.person()
    const socket = await person.open([{ stream: `user:${person.userId}`, epoch: 0, seq: 0 }])
    await socket.frame('welcome')

    const { body } = await person.ask({ text: '2 pieces' })
    expect(await socket.frame('user_changed')).toMatchObject({ threadId: body.run.threadId })
    socket.send({ kind: 'subscribe', streams: [from(body.run.threadId)] })
    expect((await socket.frame('subscribed')).streams).toMatchObject([{ state: 'ok' }])
    await socket.frame('live')
    socket.send({ kind: 'ack', positions: [{ stream: `thread:${body.run.threadId}`, seq: 1 }] })
    socket.send({ kind: 'unsubscribe', streams: [`thread:${body.run.threadId}`] })
    socket.send({ kind: 'subscribe', streams: [{ stream: `user:${person.userId}`, epoch: 0, seq: 0 }] })
    await socket.all('subscribed', 2)

    const before = socket.events(`thread:${body.run.threadId}`).length
    await person.ask({ threadId: body.run.threadId, text: '2 more' })
    await waitFor(
      async () =>
        (await person.events(body.run.threadId)).filter((event) => event.type === 'run_finished').length === 2,
    )
    expect(socket.events(`thread:${body.run.threadId}`)).toHaveLength(before)
  })

  test("denies another person's streams as if they did not exist", async () => {
    const [owner, other] = [await chat.person(), await chat.person()]
    const colleague = await chat.person({ organizationId: owner.organizationId })
    const { body } = await owner.ask({ text: '3 pieces' })

    for (const stranger of [other, colleague]) {
      const socket = await stranger.open([
        from(body.run.threadId),
        from(uuidv7()),
        { ...from(uuidv7()), stream: `user:${owner.userId}` },
      ])
      const { streams } = await socket.frame('welcome')
      expect(streams.map(({ epoch, head, state }) => ({ epoch, head, state }))).toEqual([
        { epoch: 0, head: 0, state: 'denied' },
        { epoch: 0, head: 0, state: 'denied' },
        { epoch: 0, head: 0, state: 'denied' },
      ])
      expect(socket.events(`thread:${body.run.threadId}`)).toEqual([])
    }
  })

  test('asks a reader from another history to begin anew', async () => {
    const person = await chat.person()
    const { body } = await person.ask()
    const ahead = { ...from(body.run.threadId, 1), seq: 100_000 }

    const socket = await person.open([ahead])

    expect((await socket.frame('welcome')).streams).toMatchObject([{ state: 'reset', epoch: 1 }])
  })

  test('tells a follower of a deleted conversation that it is gone', async () => {
    const person = await chat.person()
    const { body } = await person.ask()
    const socket = await person.open([from(body.run.threadId)])
    await socket.frame('live')

    await person.call('DELETE', `/api/v1/threads/${body.run.threadId}`)

    await waitFor(() =>
      socket.frames.some((frame) => frame.kind === 'subscribed' && frame.streams[0]?.state === 'denied'),
    )
  })

  test('of many that show one ticket, one gets in', async () => {
    const person = await chat.person()
    const ticket = await person.ticket()
    const sockets = await Promise.all(Array.from({ length: 50 }, () => chat.socket()))

    for (const socket of sockets) socket.send({ ...hello, ticket })

    await waitFor(() => sockets.every((socket) => socket.closeCode !== undefined || socket.frames.length > 0))
    expect(sockets.filter((socket) => socket.frames.some((frame) => frame.kind === 'welcome'))).toHaveLength(1)
    expect(sockets.filter((socket) => socket.closeCode === 4102)).toHaveLength(49)
  })

  test('a ticket is good for its own origin and client only, and is used up by the attempt', async () => {
    const person = await chat.person()
    const elsewhere = await chat.socket({})
    const ticket = await person.ticket()
    elsewhere.send({ ...hello, ticket })
    expect(await elsewhere.closed()).toBe(4102)
    const late = await chat.socket()
    late.send({ ...hello, ticket })
    expect(await late.closed()).toBe(4102)
    const foreign = await chat.socket()
    foreign.send({ ...hello, clientId: 'another', ticket: await person.ticket() })
    expect(await foreign.closed()).toBe(4102)
  })

  test('comes back with the reconnect ticket of its welcome, once', async () => {
    const person = await chat.person()
    const socket = await person.open()
    const { reconnectTicket } = await socket.frame('welcome')
    socket.terminate()

    const back = await chat.socket()
    back.send({ ...hello, ticket: reconnectTicket })
    await back.frame('welcome')
    const again = await chat.socket()
    again.send({ ...hello, ticket: reconnectTicket })
    expect(await again.closed()).toBe(4102)
  })

  test('also opens with an access token in the header, or a ticket among the subprotocols', async () => {
    const person = await chat.person()
    const program = await chat.socket({ headers: { authorization: `Bearer ${person.token}` } })
    program.send(hello)
    await program.frame('welcome')

    const page = await chat.socket({ origin: ORIGIN, protocols: ['apex.v1', `apex.ticket.${await person.ticket()}`] })
    page.send(hello)
    await page.frame('welcome')
  })

  test.each([
    ['a foreign origin', { origin: 'http://evil.test' }, 403],
    ['an origin that only looks the same', { origin: `${ORIGIN}.evil.test` }, 403],
    ['another subprotocol', { origin: ORIGIN, protocols: ['graphql-ws'] }, 400],
    ['a ticket nobody issued', { origin: ORIGIN, protocols: ['apex.v1', 'apex.ticket.00000000000000000000'] }, 401],
    ['a token nobody signed', { headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' } }, 401],
  ])('refuses %s before accepting', async (_name, options, status) => {
    await expect(chat.socket(options)).rejects.toMatchObject({ status })
  })

  test('believes no header that claims an identity', async () => {
    const person = await chat.person()
    const socket = await chat.socket({ origin: ORIGIN, headers: { 'x-user': person.userId, cookie: 'session=1' } })
    socket.send(hello)
    expect(await socket.closed()).toBe(4102)
  })

  test.each([
    ['no JSON', 'this is not JSON'],
    ['an unknown frame', { kind: 'shout' }],
    ['a subscribe before the hello', { kind: 'subscribe', streams: [from(uuidv7())] }],
    ['a deeply nested frame', `${'['.repeat(1_500)}${']'.repeat(1_500)}`],
  ])('closes with 4002 on %s', async (_name, frame) => {
    const socket = await chat.socket()
    socket.send(frame)
    expect(await socket.closed()).toBe(4002)
  })

  test('closes with 4002 on binary, on bad UTF-8, on a second hello and on a pong to no ping', async () => {
    const binary = await chat.socket()
    binary.sendBytes(Buffer.from(JSON.stringify(hello)), true)
    expect(await binary.closed()).toBe(4002)
    const broken = await chat.socket()
    broken.sendBytes(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))
    expect(await broken.closed()).toBe(4002)
    const person = await chat.person()
    const twice = await person.open()
    await twice.frame('welcome')
    twice.send({ ...hello, ticket: await person.ticket() })
    expect(await twice.closed()).toBe(4002)
    const eager = await person.open()
    await eager.frame('welcome')
    eager.send({ kind: 'pong', id: 7 })
    expect(await eager.closed()).toBe(4002)
  })

  test('closes with 1009 on too large frames and with 4000 on another version', async () => {
    const big = await chat.socket()
    big.send({ ...hello, tabId: 'x'.repeat(5_000) })
    expect(await big.closed()).toBe(1009)
    const person = await chat.person()
    const huge = await person.open()
    await huge.frame('welcome')
    huge.send('x'.repeat(70_000))
    expect(await huge.closed()).toBe(1009)
    const old = await chat.socket()
    old.send({ ...hello, version: 'apex.v0' })
    expect(await old.closed()).toBe(4000)
  })

  test('closes with 4204 on too many bytes', async () => {
    const person = await chat.person()
    const socket = await person.open()
    await socket.frame('welcome')
    const positions = Array.from({ length: 200 }, () => ({ stream: `thread:${uuidv7()}`, seq: 1 }))
    for (let index = 0; index < 30 && socket.closeCode === undefined; index += 1)
      socket.send({ kind: 'ack', positions })
    expect(await socket.closed()).toBe(4204)
  })

  test('dies with its session, and its tickets with it', async () => {
    const person = await chat.person()
    const socket = await person.open()
    const { reconnectTicket } = await socket.frame('welcome')
    const unused = await person.ticket()
    const startedMs = performance.now()

    chat.revoke(person.sessionId)

    expect(await socket.closed()).toBe(4004)
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    for (const ticket of [reconnectTicket, unused]) {
      const back = await chat.socket()
      back.send({ ...hello, ticket })
      expect([4004, 4102]).toContain(await back.closed())
    }
    expect((await person.call('GET', '/api/v1/threads')).status).toBe(401)
  })

  test('the eleventh socket of a person is one too many, and no one else is affected', async () => {
    const [person, other] = [await chat.person(), await chat.person()]
    for (let index = 0; index < 10; index += 1) await (await person.open()).frame('welcome')

    const eleventh = await person.open()

    expect(await eleventh.closed()).toBe(4006)
    await (await other.open()).frame('welcome')
  })

  test('gives at most ten unused tickets to a session', async () => {
    const person = await chat.person()
    for (let index = 0; index < 10; index += 1) await person.ticket()

    const refused = await person.call('POST', '/api/v1/ws/ticket', { clientId: 'client' })

    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('nothing of all this closed with 1011 or was logged as an error', () => {
    expect(chat.lines.filter((line) => line.level === 'error')).toEqual([])
    expect(chat.lines.filter((line) => line.msg === 'socket closed' && line['code'] === 1011)).toEqual([])
  })
})
