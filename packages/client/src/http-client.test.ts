import { endpoint } from '@apex/protocol/endpoint'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ApiError, UnexpectedResponseError, UnreachableError } from './errors.ts'
import { createHttpClient } from './http-client.ts'

const GetThing = endpoint({
  name: 'getThing',
  service: 'chat',
  method: 'GET',
  path: '/api/v1/things/:thingId',
  auth: 'access',
  summary: 'One thing.',
  params: z.object({ thingId: z.string() }),
  query: z.object({ after: z.coerce.number().default(0), search: z.string().optional() }),
  response: z.object({ thing: z.string().default('none') }),
})
const PutThing = endpoint({
  name: 'putThing',
  service: 'chat',
  method: 'POST',
  path: '/api/v1/things',
  auth: 'access',
  summary: 'Stores one thing.',
  body: z.object({ thing: z.string() }),
  response: z.object({}),
})
const SendThing = endpoint({
  name: 'sendThing',
  service: 'chat',
  method: 'POST',
  path: '/api/v1/things/raw',
  auth: 'access',
  summary: 'Stores bytes.',
  rawBody: true,
  response: z.object({}),
})

const busy = {
  type: 'about:blank',
  code: 'busy',
  status: 503,
  title: 'Busy',
  detail: 'Try again.',
  retryable: true,
  charged: false,
  requestId: 'r-1',
} as const

function problem(body: { status: number } & Record<string, unknown>): Response {
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { 'content-type': 'application/problem+json' },
  })
}

/** A server that gives the answers in turn and keeps the requests. */
function server(...answers: (Response | Error)[]) {
  const requests: Request[] = []
  return {
    requests,
    fetch: async (request: Request) => {
      requests.push(request)
      const answer = answers.shift()
      if (!answer) throw new Error('no more answers')
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

describe('createHttpClient', () => {
  test('builds the address from parameters and query and parses the answer', async () => {
    const { fetch, requests } = server(Response.json({}))
    const client = createHttpClient({ baseUrl: 'http://apex.test/', fetch })

    const answer = await client.call(GetThing, { params: { thingId: 'a/b' }, query: { search: 'x y' } })

    expect(requests[0]?.url).toBe('http://apex.test/api/v1/things/a%2Fb?search=x+y')
    expect(answer).toEqual({ thing: 'none' })
  })

  test('sends a body as JSON with the authorization of the endpoint', async () => {
    const { fetch, requests } = server(Response.json({}))
    const authorize = async (auth: string) => ({ authorization: `Bearer ${auth}` })

    await createHttpClient({ baseUrl: 'http://apex.test', fetch, authorize }).call(PutThing, { body: { thing: 'x' } })

    expect(requests[0]?.headers.get('authorization')).toBe('Bearer access')
    expect(requests[0]?.headers.get('content-type')).toBe('application/json')
    expect(await requests[0]?.json()).toEqual({ thing: 'x' })
  })

  test('throws the problem of a refusal as an ApiError', async () => {
    const issues = [{ path: 'body.thing', message: 'is missing' }]
    const { fetch } = server(problem({ ...busy, code: 'invalid_request', status: 400, retryable: false, issues }))

    const refused = createHttpClient({ baseUrl: 'http://apex.test', fetch }).call(PutThing, { body: { thing: '' } })

    await expect(refused).rejects.toBeInstanceOf(ApiError)
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', status: 400, requestId: 'r-1', issues })
  })

  test("names a proxy's page by its status", async () => {
    const { fetch } = server(new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'retry-after': '3' } }))

    const refused = createHttpClient({ baseUrl: 'http://apex.test', fetch }).call(PutThing, { body: { thing: '' } })

    await expect(refused).rejects.toMatchObject({ code: 'internal', status: 502, retryable: true, retryAfter: 3 })
  })

  test('throws UnreachableError when no connection is made and when time is up', async () => {
    const { fetch } = server(new TypeError('fetch failed'))
    const never = () => new Promise<Response>(() => {})
    const call = (using: typeof fetch, timeoutMs: number) =>
      createHttpClient({ baseUrl: 'http://apex.test', fetch: using }).call(PutThing, { body: { thing: '' }, timeoutMs })

    await expect(call(fetch, 1000)).rejects.toBeInstanceOf(UnreachableError)
    await expect(call(never, 1)).rejects.toMatchObject({ name: 'UnreachableError', code: 'timeout' })
  })

  test("ends with the signal's reason when the caller gives up", async () => {
    const controller = new AbortController()
    const client = createHttpClient({ baseUrl: 'http://apex.test', fetch: () => new Promise<Response>(() => {}) })

    const call = client.call(PutThing, { body: { thing: '' }, signal: controller.signal })
    controller.abort(new Error('left the page'))

    await expect(call).rejects.toThrow('left the page')
  })

  test('refuses an answer of another shape', async () => {
    const { fetch } = server(Response.json({ thing: 7 }), new Response('not json'))
    const client = createHttpClient({ baseUrl: 'http://apex.test', fetch })

    await expect(client.call(GetThing, { params: { thingId: 'a' } })).rejects.toBeInstanceOf(UnexpectedResponseError)
    await expect(client.call(GetThing, { params: { thingId: 'a' } })).rejects.toBeInstanceOf(UnexpectedResponseError)
  })

  test('tries again only as often as the caller allows and only what is retryable', async () => {
    const patient = server(problem(busy), new TypeError('fetch failed'), Response.json({}))
    const once = server(problem(busy), Response.json({}))
    const final = server(problem({ ...busy, retryable: false, status: 409, code: 'conflict' }), Response.json({}))
    const put = (fetch: typeof once.fetch, attempts?: number) =>
      createHttpClient({ baseUrl: 'http://apex.test', fetch, random: () => 0 }).call(PutThing, {
        body: { thing: 'x' },
        ...(attempts && { attempts }),
      })

    await expect(put(patient.fetch, 3)).resolves.toEqual({})
    await expect(put(once.fetch)).rejects.toMatchObject({ code: 'busy' })
    await expect(put(final.fetch, 3)).rejects.toMatchObject({ code: 'conflict' })
    expect([patient.requests.length, once.requests.length, final.requests.length]).toEqual([3, 1, 1])
  })

  test('asks once for other credentials after a 401, and gives up when they are the same', async () => {
    const expired = () => problem({ ...busy, code: 'unauthenticated', status: 401, retryable: false })
    const renewed = server(expired(), Response.json({}))
    const stubborn = server(expired(), Response.json({}))
    const put = (fetch: typeof renewed.fetch, second: string) =>
      createHttpClient({
        baseUrl: 'http://apex.test',
        fetch,
        authorize: async (_auth, refused) => ({ authorization: refused ? second : 'Bearer one' }),
      }).call(PutThing, { body: { thing: 'x' } })

    await expect(put(renewed.fetch, 'Bearer two')).resolves.toEqual({})
    await expect(put(stubborn.fetch, 'Bearer one')).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(renewed.requests.map((request) => request.headers.get('authorization'))).toEqual([
      'Bearer one',
      'Bearer two',
    ])
    expect(stubborn.requests).toHaveLength(1)
  })

  test('never sends a stream twice, but makes a given body anew', async () => {
    const stream = server(problem(busy), Response.json({}))
    const made = server(problem(busy), Response.json({}))
    const send = (fetch: typeof made.fetch, rawBody: ReadableStream<Uint8Array> | (() => string)) =>
      createHttpClient({ baseUrl: 'http://apex.test', fetch, random: () => 0 }).call(SendThing, {
        rawBody,
        attempts: 2,
      })

    await expect(send(stream.fetch, new Blob(['bytes']).stream())).rejects.toMatchObject({ code: 'busy' })
    await expect(send(made.fetch, () => 'bytes')).resolves.toEqual({})
    expect(await made.requests[1]?.text()).toBe('bytes')
    expect(stream.requests).toHaveLength(1)
  })
})
