import { describe, expect, test } from 'vitest'
import { ApiError } from './errors.ts'
import { settle } from './testing/manual-timers.ts'
import { liveSession, SESSION_THREAD, stageSession } from './testing/session-stage.ts'
import { posted, ThreadLog, uuid } from './testing/thread-log.ts'

describe('Session', () => {
  test('says hello with a ticket and its positions, replays, and is live', async () => {
    const { write, session, seen, log, sent, follow } = stageSession()
    write(9)
    follow({ epoch: 1, seq: 2 })

    session.start()
    expect(session.status()).toEqual({ status: 'connecting' })
    await settle()

    expect(sent('hello')).toMatchObject([
      { version: 'apex.v1', clientId: 'client', tabId: 'tab', streams: [{ stream: SESSION_THREAD, epoch: 1, seq: 2 }] },
    ])
    expect(session.status()).toEqual({ status: 'live' })
    expect(seen).toEqual(log.events.slice(2))
    write()
    expect(seen).toEqual(log.events.slice(2))
  })

  test('comes back with the reconnect ticket and its cursor, after a random time', async () => {
    const { server, timers, session, seen, log, write, sent } = await liveSession()
    write(2)

    server.open[0]?.cut(1006)
    expect(session.status()).toEqual({ status: 'reconnecting', nextTryAtMs: timers.now() + 250, failures: 1 })
    write(2)
    await timers.advance(250)

    expect(session.status()).toEqual({ status: 'live' })
    expect(server.ticketsAsked).toBe(1)
    expect(sent('hello').at(-1)).toMatchObject({ streams: [{ seq: 2 }] })
    expect(seen).toEqual(log.events)
  })

  test('waits longer with each failure, at most 30 s, and from the start again only after 30 s of live', async () => {
    const { server, timers, session } = await liveSession({ random: () => 1 })
    const delays: number[] = []
    server.crash()
    for (let n = 0; n < 8; n++) {
      const status = session.status()
      if (status.status !== 'reconnecting' || status.nextTryAtMs === null) throw new Error(JSON.stringify(status))
      delays.push(status.nextTryAtMs - timers.now())
      await timers.advance(delays.at(-1) ?? 0)
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])

    server.up = true
    await timers.advance(30_000)
    server.open[0]?.cut(1006)
    expect(session.status()).toMatchObject({ nextTryAtMs: timers.now() + 30_000 })
    session.reconnectNow()
    await settle()
    for (let n = 0; n < 3; n++) {
      await timers.advance(10_001)
      server.ping()
    }
    server.open[0]?.cut(1006)
    expect(session.status()).toMatchObject({ nextTryAtMs: timers.now() + 500, failures: 1 })
  })

  test('gives a silent connection up after 35 s and answers pings', async () => {
    const { server, timers, session, sent } = await liveSession()
    await timers.advance(34_000)
    server.ping()
    await timers.advance(34_000)
    expect(session.status().status).toBe('live')
    expect(sent('pong')).toEqual([{ kind: 'pong', id: 1 }])

    await timers.advance(1_000)

    expect(session.status().status).toBe('reconnecting')
    expect(server.sockets[0]?.closed).toBe(4203)
  })

  test('asks after a wake whether the connection is there and leaves it after 3 s', async () => {
    const { server, timers, session } = await liveSession()
    session.wake()
    await timers.advance(3_000)
    expect(session.status().status).toBe('live')

    server.lose.push('subscribed', 'live')
    session.wake()
    await timers.advance(2_999)
    expect(session.status().status).toBe('live')
    await timers.advance(1)
    expect(session.status().status).toBe('reconnecting')
  })

  test('fills a hole by asking again from its cursor, also when only a ping shows it', async () => {
    const { server, timers, seen, log, write, sent } = await liveSession()
    write(2)
    server.lose.push('ev')
    write(2)
    expect(seen).toHaveLength(2)
    write(1)
    expect(sent('subscribe')).toEqual([{ kind: 'subscribe', streams: [{ stream: SESSION_THREAD, epoch: 1, seq: 2 }] }])
    expect(seen).toEqual(log.events)

    server.lose.push('ev')
    write(1)
    await timers.advance(20_000)
    server.ping()
    expect(seen).toEqual(log.events)
  })

  test('sees a hole of a single event', async () => {
    const { server, seen, log, write } = await liveSession()
    server.lose.push('ev')
    write(1)

    write(1)

    expect(seen).toEqual(log.events)
  })

  test('closes a socket that was made too late', async () => {
    const made = Promise.withResolvers<void>()
    const { server } = stageSession()
    const late = stageSession({
      openSocket: async () => {
        await made.promise
        return server.openSocket()
      },
    })
    late.session.start()
    await settle()
    late.session.end()

    made.resolve()
    await settle()

    expect(server.sockets.map(({ closed }) => closed)).toEqual([1000])
    expect(late.session.status()).toEqual({ status: 'ended', reason: 'closed' })
  })

  test('opens the successor before it lets go of a connection that is going away', async () => {
    const { server, timers, session, seen, log, write } = await liveSession()
    const statuses: string[] = []
    session.subscribe(({ status }) => statuses.push(status))

    server.open[0]?.say({ kind: 'goaway', delayMs: 6_000, windowMs: 6_000, reason: 'deploy' })
    write(2)
    await timers.advance(2_399)
    expect(server.sockets).toHaveLength(1)
    await timers.advance(1)

    expect(server.sockets).toHaveLength(2)
    expect(server.sockets[0]?.closed).toBe(1000)
    write(2)
    expect(seen).toEqual(log.events)
    expect(statuses).toEqual([])
  })

  test('keeps the old connection while its successor fails, and reconnects when it goes first', async () => {
    const { server, timers, session, seen, log, write } = await liveSession()
    const old = server.open[0]
    server.up = false
    old?.say({ kind: 'goaway', delayMs: 0, windowMs: 0, reason: 'deploy' })
    await timers.advance(0)
    write(2)
    expect(seen).toEqual(log.events)
    expect(session.status()).toEqual({ status: 'live' })

    old?.cut(4201)
    expect(session.status().status).toBe('reconnecting')
    server.up = true
    write(2)
    await timers.advance(30_000)

    expect(session.status()).toEqual({ status: 'live' })
    expect(seen).toEqual(log.events)
  })

  test.each([
    [4000, 'version'],
    [4002, 'protocol'],
    [4003, 'forbidden'],
    [4004, 'signed-out'],
    [4005, 'signed-out'],
    [4006, 'too-many-sockets'],
    [4099, 'forbidden'],
    [1009, 'protocol'],
    [1000, 'closed'],
  ])('stops at %i and says why: %s', async (code, reason) => {
    const { server, timers, session } = await liveSession()

    server.open[0]?.cut(code)
    await timers.advance(120_000)

    expect(session.status()).toEqual({ status: 'ended', reason })
    expect(server.sockets).toHaveLength(1)
  })

  test('takes a new ticket after 41xx and stops after three refused tickets in a row', async () => {
    const { server, timers, session } = await liveSession()
    server.open[0]?.cut(4101)
    await timers.advance(1_000)
    expect(server.ticketsAsked).toBe(2)
    expect(session.status().status).toBe('live')

    server.refuseWith = 4102
    server.open[0]?.cut(4203)
    await timers.advance(60_000)

    expect(session.status()).toEqual({ status: 'ended', reason: 'tickets' })
    expect(server.sockets).toHaveLength(2 + 3)
  })

  test('waits as long as a rate limit asks', async () => {
    const { server, timers, session } = await liveSession()

    server.open[0]?.cut(4204, 'retry after 7')

    expect(session.status()).toMatchObject({ nextTryAtMs: timers.now() + 7_000 })
  })

  test('drops positions after 4300 and reads the log of the new epoch', async () => {
    const { server, timers, session, seen, resets, write } = await liveSession()
    write(5)
    const restored = new ThreadLog(uuid(1), 2)
    for (let n = 0; n < 5; n++) restored.append(posted(`restored ${n}`))
    server.host(restored)

    server.open[0]?.cut(4300)
    await timers.advance(1_000)

    expect(session.status().status).toBe('live')
    expect(resets).toEqual([0])
    expect(seen).toEqual(restored.events)
  })

  test('begins a stream anew over HTTP when the server cannot go on from its position', async () => {
    const { server, timers, session, seen, resets, write } = await liveSession()
    write(5)
    const restored = new ThreadLog(uuid(1), 2)
    for (let n = 0; n < 7; n++) restored.append(posted(`restored ${n}`))
    server.host(restored)

    server.open[0]?.cut(1006)
    await timers.advance(1_000)
    restored.append(posted('and on'))
    server.flush()

    expect(session.status().status).toBe('live')
    expect(resets).toEqual([2])
    expect(seen).toEqual(restored.events)
  })

  test('says that a stream is not there and goes on with the others', async () => {
    const { session, seen, log, write } = await liveSession()
    const denied: string[] = []

    session.follow(`thread:${uuid(99)}`, null, { denied: () => denied.push('no') })
    write()

    expect(denied).toEqual(['no'])
    expect(seen).toEqual(log.events)
    expect(session.status().status).toBe('live')
  })

  test("passes on changes of the person's thread list", async () => {
    const { server, session } = await liveSession()
    const changed: string[] = []
    const leave = session.follow('user:u1', null, { changed: (threadId) => changed.push(threadId) })

    server.open[0]?.say({ kind: 'user_changed', stream: 'user:u1', threadId: uuid(3) })
    leave()
    server.open[0]?.say({ kind: 'user_changed', stream: 'user:u1', threadId: uuid(4) })

    expect(changed).toEqual([uuid(3)])
    expect(session.status().status).toBe('live')
  })

  test('acknowledges at most once a second, or each 64 events', async () => {
    const { timers, write, sent } = await liveSession()
    write(3)
    write(3)
    expect(sent('ack')).toEqual([])
    await timers.advance(1_000)
    expect(sent('ack')).toEqual([{ kind: 'ack', positions: [{ stream: SESSION_THREAD, seq: 6 }] }])
    write(64)
    expect(sent('ack').at(-1)).toEqual({ kind: 'ack', positions: [{ stream: SESSION_THREAD, seq: 70 }] })
  })

  test('pauses offline and comes back at once when online', async () => {
    const { server, timers, session, seen, log, write } = await liveSession()

    session.setOnline(false)
    await timers.advance(600_000)
    expect(session.status()).toEqual({ status: 'offline' })
    expect(server.open).toHaveLength(0)
    write(2)
    session.setOnline(true)
    await settle()

    expect(session.status()).toEqual({ status: 'live' })
    expect(seen).toEqual(log.events)
  })

  test('stops when the person is signed out and waits when the server is busy', async () => {
    const refuse = (status: number, code: 'unauthenticated' | 'busy', retryAfter?: number) => async () => {
      const facts = { type: '', title: '', detail: '', charged: false, requestId: '', retryable: status !== 401 }
      throw new ApiError({ ...facts, code, status, ...(retryAfter && { retryAfter }) })
    }
    const out = stageSession({ ticket: refuse(401, 'unauthenticated') })
    const busy = stageSession({ ticket: refuse(503, 'busy', 12) })
    out.session.start()
    busy.session.start()
    await settle()

    expect(out.session.status()).toEqual({ status: 'ended', reason: 'signed-out' })
    expect(busy.session.status()).toMatchObject({ nextTryAtMs: busy.timers.now() + 12_000 })
  })

  test('ends for good when told to, and leaves no socket behind', async () => {
    const { server, timers, session } = await liveSession()

    session.end()
    session.start()
    session.reconnectNow()
    await timers.advance(120_000)

    expect(session.status()).toEqual({ status: 'ended', reason: 'closed' })
    expect(server.open).toEqual([])
    expect(server.sockets).toHaveLength(1)
  })

  test('ignores frames it does not know, and asks to be reloaded when a known one is malformed', async () => {
    const { server, session, seen, log, write } = await liveSession()
    server.open[0]?.emit('message', { data: '{"kind":"weather"}' })
    write()
    expect(seen).toEqual(log.events)

    server.open[0]?.emit('message', { data: '{"kind":"ev"}' })

    expect(session.status()).toEqual({ status: 'ended', reason: 'version' })
  })
})
