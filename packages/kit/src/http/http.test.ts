import { endpoint } from '@apex/protocol/endpoint'
import { Problem } from '@apex/protocol/error'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AppError } from '../app-error.ts'
import { createMetrics } from '../metrics.ts'
import { captureLog } from '../testing/capture-log.ts'
import { testTokens } from '../testing/test-tokens.ts'
import { createTokenVerifier } from '../token.ts'
import { createHttpApp } from './http-app.ts'
import { publicRoute, route, sessionRoute } from './route.ts'

const shared = { service: 'chat', summary: 'For this test.' } as const
const Add = endpoint({
  ...shared,
  name: 'add',
  method: 'POST',
  path: '/api/v1/sums/:id',
  auth: 'public',
  params: z.object({ id: z.string().max(5) }),
  query: z.object({ times: z.coerce.number().int().default(1) }),
  body: z.object({ a: z.number(), b: z.number() }),
  response: z.object({ sum: z.number() }),
  status: 201,
  maxBodyBytes: 64,
})
const Fail = endpoint({
  ...shared,
  name: 'fail',
  method: 'GET',
  path: '/api/v1/fail/:how',
  auth: 'public',
  params: z.object({ how: z.string() }),
  response: z.object({}),
})
const Mine = endpoint({
  ...shared,
  name: 'mine',
  method: 'GET',
  path: '/api/v1/mine',
  auth: 'access',
  response: z.object({ userId: z.string() }),
})
const Either = endpoint({ ...Mine, name: 'either', path: '/api/v1/either', auth: 'delegated' })
const Session = endpoint({ ...Mine, name: 'session', path: '/api/v1/session', auth: 'session' })

const failures: Record<string, () => never> = {
  expected: () => {
    throw new AppError('rate_limited', 'Too many tries. Wait a little.', { retryAfterMs: 1_500 })
  },
  unknown: () => {
    throw new Error('secret detail of the inside')
  },
  database: () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  },
  slow: () => {
    throw Object.assign(new Error('canceling statement'), { code: '57014' })
  },
}

function setup() {
  const { log, lines } = captureLog()
  const metrics = createMetrics()
  const user = testTokens({ audience: 'apex-chat' })
  const run = testTokens({ audience: 'apex-chat', typ: 'delegation+jwt' })
  const verifier = createTokenVerifier({ issuers: [user.trusted, run.trusted] })
  const app = createHttpApp({
    service: 'chat',
    log,
    metrics,
    verifyToken: verifier.verify,
    findSession: async () => ({ userId: 'by session' }),
  })
  publicRoute(app, Add, ({ body, query, headers }) => {
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    return { sum: (body.a + body.b) * query.times }
  })
  publicRoute(app, Fail, ({ params }) => failures[params.how]?.() ?? (null as never))
  route(app, Mine, ({ identity }) => ({ userId: identity.userId }))
  route(app, Either, ({ identity }) => ({ userId: identity.userId }))
  sessionRoute(app, Session, ({ session }) => session)
  const send = (path: string, init: RequestInit = {}) => app.fetch(new Request(`http://apex.test${path}`, init))
  const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
    send('/api/v1/sums/1', { method: 'POST', body, headers: { 'content-type': type } })
  return { send, post, lines, metrics, user, run }
}

async function problem(response: Promise<Response>): Promise<Problem> {
  const answer = await response
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  return Problem.parse(await answer.json())
}

describe('a bound endpoint', () => {
  test('gets parsed input and answers with its status, headers and schema', async () => {
    const { send } = setup()
    const response = await send('/api/v1/sums/1?times=2', {
      method: 'POST',
      body: '{"a":1,"b":2}',
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'request-42' },
    })

    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ sum: 6 })
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('x-request-id')).toBe('request-42')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('names everything that is wrong with a body, a query and parameters', async () => {
    const { send, post } = setup()
    const body = await problem(post('{"a":"x"}'))
    expect(body).toMatchObject({ code: 'invalid_request', retryable: false, charged: false })
    expect(body.issues?.map((issue) => issue.path)).toEqual(['body.a', 'body.b'])

    const params = await problem(
      send('/api/v1/sums/toolong', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
    )
    expect(params.issues?.map((issue) => issue.path)).toEqual(['params.id'])
  })

  test('refuses bodies that are no JSON, no UTF-8, another type or too large', async () => {
    const { send, post } = setup()
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(32)) })

    expect((await problem(post('{'))).code).toBe('invalid_request')
    expect((await problem(post(new Uint8Array([0x22, 0xff, 0x22])))).detail).toContain('UTF-8')
    expect((await problem(post('a=1', 'text/plain'))).code).toBe('unsupported_media_type')
    expect((await problem(post(JSON.stringify({ a: 1, b: 2, c: 'x'.repeat(80) })))).code).toBe('too_large')
    const streamed = send('/api/v1/sums/1', { method: 'POST', body: endless, duplex: 'half' })
    expect((await problem(streamed)).code).toBe('too_large')
  })

  test('an answer against its own schema becomes internal', async () => {
    const { send, lines } = setup()

    expect((await problem(send('/api/v1/fail/schema'))).code).toBe('internal')
    expect(JSON.stringify(lines)).not.toContain('request refused')
  })

  test('cannot be bound under another kind of proof than it declares', () => {
    const { log } = captureLog()
    const app = createHttpApp({ service: 'chat', log, metrics: createMetrics() })

    expect(() => publicRoute(app, Mine, () => ({ userId: 'anybody' }))).toThrow('asks for access')
  })
})

describe('errors', () => {
  test('an expected one tells its facts and is logged at warn', async () => {
    const { send, lines } = setup()
    const response = await send('/api/v1/fail/expected')

    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(await response.json()).toMatchObject({
      code: 'rate_limited',
      title: 'Too many requests',
      detail: 'Too many tries. Wait a little.',
      retryable: true,
      retryAfter: 2,
    })
    expect(lines.at(-1)).toMatchObject({ level: 'warn', route: '/api/v1/fail/:how', status: 429 })
  })

  test('an unknown one is logged at error with its cause and tells the caller nothing of it', async () => {
    const { send, lines } = setup()
    const answer = await problem(send('/api/v1/fail/unknown'))

    expect(answer).toMatchObject({ code: 'internal', status: 500 })
    expect(JSON.stringify(answer)).not.toContain('secret detail')
    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      requestId: answer.requestId,
      error: { message: 'secret detail of the inside' },
    })
  })

  test('a database that is away or too slow is named as such', async () => {
    const { send } = setup()

    expect((await problem(send('/api/v1/fail/database'))).code).toBe('unavailable')
    expect((await problem(send('/api/v1/fail/slow'))).code).toBe('timeout')
  })

  test('an unknown address and a wrong method are told apart', async () => {
    const { send } = setup()

    expect((await problem(send('/nowhere'))).code).toBe('not_found')
    expect(await problem(send('/api/v1/sums/1'))).toMatchObject({
      code: 'method_not_allowed',
      detail: expect.stringContaining('POST'),
    })
  })
})

describe('who may call', () => {
  test('an access endpoint takes a user and refuses a run; a delegated one takes both', async () => {
    const { send, user, run } = setup()
    const asUser = await user.headers({ userId: 'u' })
    const asRun = await run.headers({ userId: 'u' })

    expect(await (await send('/api/v1/mine', { headers: asUser })).json()).toEqual({ userId: 'u' })
    expect((await problem(send('/api/v1/mine', { headers: asRun }))).code).toBe('unauthenticated')
    expect((await send('/api/v1/either', { headers: asRun })).status).toBe(200)
    expect((await send('/api/v1/either', { headers: asUser })).status).toBe(200)
  })

  test('no token is unauthenticated, whatever a header claims', async () => {
    const { send } = setup()
    const response = await send('/api/v1/mine', { headers: { 'x-user': 'root', 'x-user-id': 'root' } })

    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('a session endpoint asks the app for the session', async () => {
    const { send } = setup()

    expect(await (await send('/api/v1/session')).json()).toEqual({ userId: 'by session' })
  })
})

test('requests are measured by route, not by address', async () => {
  const { send, metrics, lines } = setup()
  await send('/api/v1/fail/expected')
  await send('/guess/1')
  await send('/api/v1/session?secret=1')
  const text = await metrics.metrics()

  expect(text).toContain(
    'http_request_duration_seconds_count{service="chat",method="GET",route="/api/v1/fail/:how",status="429"} 1',
  )
  expect(text).not.toContain('guess')
  expect(JSON.stringify(lines)).not.toContain('secret=1')
})
