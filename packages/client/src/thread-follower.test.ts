import type { ThreadEvent } from '@apex/protocol/thread-event'
import { describe, expect, test } from 'vitest'
import { ApiError, UnreachableError } from './errors.ts'
import type { ReadEvents } from './stream-reader.ts'
import { settle } from './testing/manual-timers.ts'
import { stageSession } from './testing/session-stage.ts'
import { uuid } from './testing/thread-log.ts'
import { ThreadFollower } from './thread-follower.ts'

/** A follower on a staged session; `seen` grows as events are read. */
function stage(options: { after?: number; readEvents?: ReadEvents } = {}) {
  const set = stageSession()
  const follower = new ThreadFollower({
    threadId: uuid(1),
    after: { epoch: options.after ? 1 : 0, seq: options.after ?? 0 },
    session: set.session,
    readEvents: options.readEvents ?? set.server.readEvents,
    timers: set.timers,
    random: () => 0.5,
    patienceMs: 60_000,
  })
  const seen: ThreadEvent[] = []
  const read = async () => {
    for await (const event of follower) seen.push(event)
  }
  const done = read().then(
    () => null,
    (error: unknown) => error,
  )
  return { ...set, follower, seen, done }
}

describe('ThreadFollower', () => {
  test('gives the events after a position through the session and ends when it is stopped', async () => {
    const { session, write, log, seen, follower, done } = stage({ after: 2 })
    write(5)
    session.start()
    await settle()
    write(2)
    await settle()

    follower.stop()

    expect(await done).toBeNull()
    expect(seen).toEqual(log.events.slice(2))
  })

  test('reads plain HTTP while no socket can be opened, and goes on with the socket without a repeat', async () => {
    const { server, session, timers, write, log, seen } = stage()
    server.up = false
    session.start()
    write(8)
    await timers.advance(3_000)
    expect(seen).toEqual(log.events)

    server.up = true
    session.reconnectNow()
    await timers.advance(30_000)
    write(3)
    await settle()

    expect(session.status()).toEqual({ status: 'live' })
    expect(seen).toEqual(log.events)
  })

  test('survives a restart of the server', async () => {
    const { server, session, timers, write, log, seen } = stage()
    session.start()
    write(3)
    await timers.advance(100)
    server.crash()
    await timers.advance(20_000)
    write(3)
    server.up = true
    await timers.advance(30_000)

    expect(seen).toEqual(log.events)
  })

  test('gives up with the last error when nothing is heard for as long as its patience', async () => {
    const readEvents = async () => {
      throw new UnreachableError('http://apex.test', { timedOut: false })
    }
    const { server, session, timers, done } = stage({ readEvents })
    server.up = false
    session.start()

    await timers.advance(80_000)

    expect(await done).toBeInstanceOf(UnreachableError)
  })

  test('throws what the server refuses with', async () => {
    const facts = { type: '', title: '', detail: '', charged: false, requestId: '', retryable: false }
    const readEvents = async () => {
      throw new ApiError({ ...facts, code: 'not_found', status: 404 })
    }
    const { server, session, timers, done } = stage({ readEvents })
    server.logs.clear()
    session.start()
    await timers.advance(5_000)

    expect(await done).toMatchObject({ code: 'not_found' })
  })
})
