import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Api, apiOf, eventsOf, request, signInOverHttp } from './fixture/api.ts'
import { jsonLines, netra, type RunningNetra, startNetra, temporaryFolder } from './fixture/netra.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: RunningNetra
let alice: Api
let bob: Api
let threadId: string
let runId: string
let claimId: string
let importId: string

/** The owner opens a second organisation in a session of its own and invites Bob there; Bob belongs to no other. */
async function personInAnotherOrganization(): Promise<Api> {
  const founder = await signInOverHttp(server.url, server.owner)
  const created = await founder('POST', '/api/v1/auth/organizations', { name: 'Bob’s company' })
  const organizationId = (created.body['organization'] as { id: string }).id
  await founder('POST', '/api/v1/auth/organization', { organizationId })
  const invited = await founder('POST', '/api/v1/auth/invitations', { email: 'bob@example.com', role: 'admin' })
  const accepted = await request(server.url, 'POST', '/api/v1/auth/invitations/accept', {
    token: invited.body['token'],
    name: 'Bob',
    password: 'seven quiet harbours at dusk',
    transport: 'token',
  })
  return apiOf(server.url, String(accepted.body['sessionToken']))
}

beforeAll(async () => {
  folder = await temporaryFolder()
  server = await startNetra({ data: folder.path })
  alice = await signInOverHttp(server.url, server.owner)
  importId = randomUUID()
  await alice('POST', '/api/v1/imports/sample', { importId })
  const asked = await netra('ask', 'Where does the money go?', '--json', '--data', folder.path)
  const report = jsonLines(asked.stdout).at(-1) as { runId: string; threadId: string; claims: { id: string }[] }
  threadId = report.threadId
  runId = report.runId
  claimId = report.claims[0]?.id ?? ''
  bob = await personInAnotherOrganization()
})

afterAll(async () => {
  await server?.kill('SIGTERM')
  await folder?.dispose()
})

describe('two people in two organisations', () => {
  test('see their own work', async () => {
    expect((await eventsOf(alice, threadId)).length).toBeGreaterThan(5)
    expect((await alice('GET', `/api/v1/reports/${runId}/claims`)).status).toBe(200)
  })

  test('get "not found" for each other’s ids on every endpoint', async () => {
    const attempts: [string, string, unknown?][] = [
      ['GET', `/api/v1/threads/${threadId}`],
      ['GET', `/api/v1/threads/${threadId}/events`],
      ['GET', `/api/v1/threads/${threadId}/messages`],
      ['GET', `/api/v1/threads/${threadId}/runs`],
      ['PATCH', `/api/v1/threads/${threadId}`, { commandId: randomUUID(), title: 'mine now' }],
      ['DELETE', `/api/v1/threads/${threadId}`],
      ['POST', `/api/v1/threads/${threadId}/runs`, { commandId: randomUUID(), messageId: randomUUID(), text: 'hello' }],
      ['GET', `/api/v1/runs/${runId}`],
      ['POST', `/api/v1/runs/${runId}/stop`, { commandId: randomUUID() }],
      ['GET', `/api/v1/reports/${runId}`],
      ['GET', `/api/v1/reports/${runId}/claims`],
      ['POST', `/api/v1/reports/${runId}/claims/${claimId}/rerun`],
      ['GET', `/api/v1/imports/${importId}`],
      ['GET', `/api/v1/imports/${importId}/rejects`],
      ['DELETE', `/api/v1/imports/${importId}`],
    ]
    for (const [method, path, body] of attempts) {
      const answer = await bob(method, path, body)

      expect(answer.status, `${method} ${path}`).toBe(404)
      expect(answer.body['code'], `${method} ${path}`).toBe('not_found')
    }
    expect((await alice('GET', `/api/v1/threads/${threadId}`)).status).toBe(200)
  })

  test('have lists and answers of their own only', async () => {
    expect((await bob('GET', '/api/v1/threads')).body['threads']).toEqual([])
    expect((await bob('GET', '/api/v1/imports')).body['imports']).toEqual([])
    const asked = await bob('POST', '/api/v1/questions', { question: 'overview', params: {} })
    expect((asked.body['coverage'] as { calls: number }).calls).toBe(0)
  })

  test('cannot follow each other’s threads by socket', async () => {
    const ticket = await bob('POST', '/api/v1/ws/ticket', { clientId: 'bob' })
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, 'apex.v1')
    const welcome = new Promise<{ kind: string; streams: unknown[] }>((resolve, reject) => {
      socket.on('message', (data) => {
        const frame = JSON.parse((data as Buffer).toString()) as { kind: string; streams: unknown[] }
        if (frame.kind === 'welcome') resolve(frame)
        if (frame.kind === 'ev') reject(new Error('an event of a foreign thread arrived'))
      })
      socket.on('error', reject)
      socket.on('close', (code) => reject(new Error(`closed with ${code}`)))
    })
    socket.on('open', () => {
      const hello = { kind: 'hello', version: 'apex.v1', ticket: ticket.body['ticket'], clientId: 'bob', tabId: 't' }
      socket.send(JSON.stringify({ ...hello, streams: [{ stream: `thread:${threadId}`, epoch: 1, seq: 0 }] }))
    })

    const frame = await welcome

    expect(frame.streams).toMatchObject([{ stream: `thread:${threadId}`, state: 'denied' }])
    socket.terminate()
  })
})
