import { Commands } from '@apex/client/commands'
import { UnreachableError } from '@apex/client/errors'
import type { HttpClient } from '@apex/client/http-client'
import type { StreamListener } from '@apex/client/stream-cursors'
import { finished, posted, started, ThreadLog, uuid } from '@apex/client/testing/thread-log'
import { systemTimers } from '@apex/client/timers'
import { describe, expect, test, vi } from 'vitest'
import { createDrafts } from './drafts.ts'
import { ThreadRoom } from './thread-room.ts'

const THREAD = uuid(1)

/** A room whose server is this test: it sees every request and says what the log says. */
function stage(options: { answers?: (request: Sent) => Promise<unknown>; heldTexts?: string } = {}) {
  const sent: Sent[] = []
  const http = {
    call: async (endpoint: { name: string }, input: Omit<Sent, 'name'>) => {
      const request = { ...input, name: endpoint.name }
      sent.push(request)
      return options.answers ? await options.answers(request) : runFor(request)
    },
  } as unknown as HttpClient
  let ids = 0x500
  const commands = new Commands({
    http,
    newId: () => uuid(ids++),
    timers: systemTimers(),
    random: () => 0,
    patienceMs: 0,
  })
  const drafts = createDrafts(undefined, 'drafts')
  const heldTexts = createDrafts(undefined, 'held')
  if (options.heldTexts) heldTexts.write(THREAD, options.heldTexts)
  let listener: StreamListener = {}
  const session = {
    status: () => ({ status: 'live' }) as const,
    follow(_stream: string, _from: unknown, follower: StreamListener) {
      listener = follower
      return () => {}
    },
  }
  const readEvents = () => Promise.reject(new Error('the socket is live'))
  const room = new ThreadRoom(THREAD, { commands, session, readEvents, drafts, heldTexts })
  const log = new ThreadLog(THREAD)
  const tell = () => listener.events?.(log.events, { epoch: 1, seq: log.events.length })
  return { room, sent, drafts, log, tell, deny: () => listener.denied?.() }
}

type Sent = { name: string; params: Record<string, string>; body: { messageId: string; text: string } }

function runFor({ body, params }: Sent) {
  return { run: { id: uuid(0x900), messageId: body.messageId, threadId: params['threadId'] }, seq: 1 }
}

describe('a thread', () => {
  test('that is not there, or not theirs, is absent', () => {
    const { room, deny } = stage()
    room.open({ isNew: false })
    deny()
    expect(room.get().phase).toBe('absent')
  })

  test('shows a message at once and forgets it when the log tells it', async () => {
    const { room, log, sent, tell } = stage()
    room.open({ isNew: true })
    room.send('Where?')
    expect(room.get().outgoing.map(({ text, state }) => [text, state])).toEqual([['Where?', 'sending']])

    await vi.waitFor(() => expect(room.get().outgoing[0]?.state).toBe('sent'))
    log.append(posted('Where?'), { runId: uuid(0x900), messageId: sent[0]?.body.messageId as string })
    tell()
    expect(room.get().outgoing).toEqual([])
    expect(room.get().view.questions.map(({ text }) => text)).toEqual(['Where?'])
  })

  test('sends nothing that is blank', () => {
    const { room, sent } = stage()
    room.open({ isNew: true })
    room.send('  \n ')
    expect(sent).toEqual([])
  })

  test('holds a text back until the run has ended, and sends it once', async () => {
    const { room, log, sent, tell } = stage()
    log.append(posted('First?'), { runId: uuid(0x900), messageId: uuid(0x901) })
    room.open({ isNew: false })
    tell()
    room.hold('Second?')
    log.append(started(uuid(0x902), 'First?'), { runId: uuid(0x900) })
    tell()
    expect([room.get().held, sent.length]).toEqual([['Second?'], 0])

    log.append(finished('completed'), { runId: uuid(0x900) })
    tell()
    tell()
    await vi.waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]?.body.text).toBe('Second?')
    expect(room.get().held).toEqual([])
  })

  test('gives held texts back as a draft after a reload, and sends none of them by itself', () => {
    const { room, drafts, sent } = stage({ heldTexts: 'Second?' })
    room.open({ isNew: true })
    expect([drafts.read(THREAD), room.get().held, sent]).toEqual(['Second?', [], []])
  })

  test('stops a run that was asked to stop before its id was known', async () => {
    const { room, sent } = stage()
    room.open({ isNew: true })
    room.send('Where?')
    room.stop()
    expect(room.isStopping()).toBe(true)

    await vi.waitFor(() => expect(sent.map(({ name }) => name)).toEqual(['startRun', 'stopRun']))
    expect(sent[1]?.params['runId']).toBe(uuid(0x900))
  })

  test('sends what the network refused again by itself once it is back, as the same message', async () => {
    let away = true
    const { room, sent } = stage({
      answers: (request) =>
        away ? Promise.reject(new UnreachableError('/', { timedOut: false })) : Promise.resolve(runFor(request)),
    })
    room.open({ isNew: true })
    room.send('Where?')
    await vi.waitFor(() => expect(room.get().outgoing[0]?.state).toBe('failed'))

    away = false
    room.wake()
    await vi.waitFor(() => expect(room.get().outgoing[0]?.state).toBe('sent'))
    expect(new Set(sent.map(({ body }) => body.messageId)).size).toBe(1)
  })
})
