import type { Jwks } from '@apex/kit/jwks-cache'
import { createTokenVerifier } from '@apex/kit/token'
import { ThreadEvent } from '@apex/protocol/thread-event'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chatDatabase } from './fixture/chat-parts.ts'
import { RunningChat } from './fixture/running-chat.ts'

describe('the agents in the running service', () => {
  const asked: Request[] = []
  let chat: RunningChat
  beforeAll(async () => {
    const { url } = await chatDatabase()
    const analyticsFetch = async (request: Request) => {
      asked.push(request.clone())
      return new Response(null, { status: 404 })
    }
    chat = await RunningChat.start(url, { conduct: undefined, analyticsFetch })
  })
  afterAll(() => chat?.[Symbol.asyncDispose]())

  test('answer with all five live events even when analytics knows nothing', async () => {
    const person = await chat.person()
    const { body } = await person.ask({ text: 'Where does the money go, and how do I cut it by 30%?' })
    await person.ended(body.run.id, 15_000)

    const events = await person.events(body.run.threadId)
    for (const event of events) expect(ThreadEvent.parse(event)).toEqual(event)
    const last = events.at(-1)
    expect(last).toMatchObject({
      type: 'run_finished',
      payload: { outcome: 'completed', missingEvents: [], costUsd: '0' },
    })
    const published = events.find((event) => event.type === 'report_published')
    const said = events.map((event) => (event.type === 'text_delta' ? event.payload.text : '')).join('')
    expect(published?.type === 'report_published' && published.payload.report.text).toBe(said)
  })

  test('ask analytics as the run of the person, with a token of the service', async () => {
    const person = await chat.person({ role: 'viewer' })
    asked.length = 0
    const { body } = await person.ask({ text: 'What did we spend?' })
    await person.ended(body.run.id, 15_000)

    const [request] = asked
    const token = request?.headers.get('authorization')?.replace('Bearer ', '') ?? ''
    const jwksFetch = async () => (await (await fetch(`${chat.url}/internal/chat/jwks.json`)).json()) as Jwks
    const issuers = [{ issuer: 'apex-chat', typ: 'delegation+jwt', audience: 'apex-analytics', jwksFetch } as const]
    const { organizationId, userId } = person
    const expected = { kind: 'delegation', organizationId, userId, runId: body.run.id, role: 'viewer' }
    expect(await createTokenVerifier({ issuers }).verify(token)).toMatchObject(expected)
  })
})
