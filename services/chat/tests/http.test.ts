import { systemClock } from '@apex/kit/clock'
import type { Jwks } from '@apex/kit/jwks-cache'
import { createSigningKeyStore } from '@apex/kit/signing-key-store'
import { createTokenVerifier } from '@apex/kit/token'
import { createTokenSigner } from '@apex/kit/token-signer'
import { ListAgents } from '@apex/protocol/endpoints/chat/list-agents'
import type { Problem } from '@apex/protocol/error'
import type { Run } from '@apex/protocol/run'
import type { Message, Thread } from '@apex/protocol/thread'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDelegation } from '../src/runs/delegation.ts'
import { chatDatabase } from './fixture/chat-parts.ts'
import { RunningChat } from './fixture/running-chat.ts'

describe('the HTTP face', async () => {
  const { sql, url } = await chatDatabase()
  let chat: RunningChat
  beforeAll(async () => {
    chat = await RunningChat.start(url)
  })
  afterAll(() => chat?.[Symbol.asyncDispose]())

  test('answers a question from acceptance to messages, runs and events', async () => {
    const person = await chat.person()
    const { body, status } = await person.ask({ text: '# Where does the money go?' })
    await person.ended(body.run.id)
    const { threadId } = body.run

    expect(status).toBe(202)
    expect(body.run).toMatchObject({ state: 'running', outcome: null })
    const thread = (await person.call<{ thread: Thread }>('GET', `/api/v1/threads/${threadId}`)).body.thread
    expect(thread).toMatchObject({ title: 'Where does the money go?', activeRunId: null, epoch: 1 })
    const runs = (await person.call<{ runs: Run[] }>('GET', `/api/v1/threads/${threadId}/runs`)).body.runs
    expect(runs).toMatchObject([{ id: body.run.id, state: 'finished', outcome: 'completed' }])
    const messages = (await person.call<{ messages: Message[] }>('GET', `/api/v1/threads/${threadId}/messages`)).body
    expect(messages.messages.map((message) => message.text)).toEqual(['# Where does the money go?', 'Hello.'])
    const events = await person.events(threadId)
    expect(thread.lastSeq).toBe(events.length)
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
    const listed = (await person.call<{ threads: Thread[] }>('GET', '/api/v1/threads')).body.threads
    expect(listed).toEqual([thread])
  })

  test('reads the log from any position in pages', async () => {
    const person = await chat.person()
    const { body } = await person.ask()
    await person.ended(body.run.id)
    const whole = await person.events(body.run.threadId)

    const path = `/api/v1/threads/${body.run.threadId}/events`
    const page = (await person.call<{ events: unknown[]; head: number }>('GET', `${path}?after=2&limit=2`)).body

    expect(page).toEqual({ epoch: 1, head: whole.length, events: whole.slice(2, 4) })
    expect((await person.call('GET', `${path}?after=-1`)).status).toBe(400)
    expect((await person.call('GET', `${path}?after=1e99`)).status).toBe(400)
  })

  test('lets one organisation see nothing of another by any address and guessed id', async () => {
    const owner = await chat.person()
    const { body } = await owner.ask()
    await owner.ended(body.run.id)
    const { id: runId, threadId } = body.run
    const stranger = await chat.person()
    const colleague = await chat.person({ organizationId: owner.organizationId })
    const elsewhere = await chat.person({ userId: owner.userId })

    for (const other of [stranger, colleague, elsewhere]) {
      const attempts: [string, string, unknown?][] = [
        ['GET', `/api/v1/threads/${threadId}`],
        ['GET', `/api/v1/threads/${threadId}/messages`],
        ['GET', `/api/v1/threads/${threadId}/events`],
        ['GET', `/api/v1/threads/${threadId}/runs`],
        ['GET', `/api/v1/runs/${runId}`],
        ['GET', `/api/v1/reports/${runId}`],
        ['PATCH', `/api/v1/threads/${threadId}`, { commandId: uuidv7(), title: 'Mine now' }],
        ['DELETE', `/api/v1/threads/${threadId}`],
        ['POST', `/api/v1/runs/${runId}/stop`, { commandId: uuidv7() }],
        ['POST', `/api/v1/threads/${threadId}/runs`, { commandId: uuidv7(), messageId: uuidv7(), text: 'Hi' }],
      ]
      for (const [method, path, sent] of attempts) {
        const real = await other.call<Problem>(method, path, sent)
        expect([method, path, real.status, real.body.code]).toEqual([method, path, 404, 'not_found'])
        // What is foreign and what is not there read the same.
        const missing = path.replace(threadId, uuidv7()).replace(runId, uuidv7())
        if (!path.endsWith('/runs') || method === 'GET') {
          expect((await other.call<Problem>(method, missing, sent)).body.detail).toBe(real.body.detail)
        }
      }
      expect((await other.call<{ threads: unknown[] }>('GET', '/api/v1/threads')).body.threads).toEqual([])
    }
    expect(await owner.events(threadId)).toHaveLength(6)
  })

  test('asks for a valid token everywhere', async () => {
    for (const path of ['/api/v1/threads', `/api/v1/runs/${uuidv7()}`, '/api/v1/agents']) {
      expect((await fetch(`${chat.url}${path}`)).status).toBe(401)
      const forged = { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.' }
      expect((await fetch(`${chat.url}${path}`, { headers: forged })).status).toBe(401)
    }
  })

  test.each([
    ['empty', '', 400],
    ['blank', ' \n\t ', 400],
    ['too long', 'x'.repeat(32_001), 400],
    ['of a megabyte', 'x'.repeat(1_048_576), 413],
  ])('refuses a message that is %s and says why', async (_name, text, status) => {
    const person = await chat.person()
    const answer = await person.ask({ text })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.body.detail.length).toBeGreaterThan(20)
    expect((await person.call<{ threads: unknown[] }>('GET', '/api/v1/threads')).body.threads).toEqual([])
  })

  test('stores control characters, lone surrogates and NUL as readable text', async () => {
    const person = await chat.person()
    const { body, status } = await person.ask({ text: 'a\u0000b\ud800c\udc00d\u0007e\r\nf 🎉' })

    expect(status).toBe(202)
    const [message] = (
      await person.call<{ messages: Message[] }>('GET', `/api/v1/threads/${body.run.threadId}/messages`)
    ).body.messages
    expect(message?.text).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\nf 🎉')
  })

  test('slows down a person who sends commands in a loop, and nobody else', async () => {
    const [person, other] = [await chat.person(), await chat.person()]
    const answers = []
    for (let index = 0; index < 25; index += 1) {
      answers.push(await person.call<Problem>('POST', `/api/v1/runs/${uuidv7()}/stop`, { commandId: uuidv7() }))
    }

    const slowed = answers.filter((answer) => answer.status === 429)
    expect(slowed.length).toBeGreaterThan(0)
    expect(slowed[0]?.body).toMatchObject({ code: 'rate_limited', retryable: true })
    expect((await other.ask()).status).toBe(202)
  })

  test('names the agents and the model that answers', async () => {
    const person = await chat.person()
    const { body } = await person.call('GET', '/api/v1/agents')

    const { agents, offline } = ListAgents.response.parse(body)
    expect(agents).toHaveLength(11)
    expect(offline).toBe(true)
  })

  test('publishes the key that verifies its delegation tokens', async () => {
    const keys = createSigningKeyStore(sql, { secret: 'a secret that is used by tests and by nothing else' })
    const jwksFetch = async () => (await (await fetch(`${chat.url}/internal/chat/jwks.json`)).json()) as Jwks
    await jwksFetch()
    const signer = createTokenSigner({ issuer: 'apex-chat', typ: 'delegation+jwt', keys })
    const run = { runId: uuidv7(), organizationId: 'org-1', userId: 'user-1', role: 'member' }
    const authorize = createDelegation({ signer, audience: 'apex-analytics', clock: systemClock }, run)
    const token = await authorize()

    const issuers = [{ issuer: 'apex-chat', typ: 'delegation+jwt', audience: 'apex-analytics', jwksFetch } as const]
    const identity = await createTokenVerifier({ issuers }).verify(token)

    expect(identity).toMatchObject({ kind: 'delegation', userId: 'user-1', organizationId: 'org-1', runId: run.runId })
    expect(await authorize()).toBe(token)
  })
})
