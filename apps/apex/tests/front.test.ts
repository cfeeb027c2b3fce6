import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '@apex/kit/app-error'
import { type Listener, listen } from '@apex/kit/listen'
import { createMetrics } from '@apex/kit/metrics'
import { captureLog } from '@apex/kit/testing/capture-log'
import { manualClock } from '@apex/kit/testing/manual-clock'
import { ENDPOINTS } from '@apex/protocol/endpoints'
import { Problem } from '@apex/protocol/error'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEndpointOwner } from '../src/endpoint-owner.ts'
import { Front } from '../src/front.ts'
import { createGateway } from '../src/gateway.ts'
import { Health } from '../src/health.ts'
import { createOpenApi } from '../src/openapi.ts'
import { serverAddress } from '../src/server-address.ts'
import { StaticFiles } from '../src/static-files.ts'

// Real listener, real files; in place of the services, what shows which one was asked.
let folder: string
let front: Front
let listener: Listener
let url: string
let health: Health
const seen: string[] = []

function service(name: string) {
  return {
    fetch: async (request: Request) => {
      const { pathname } = new URL(request.url)
      seen.push(`${name} ${request.method} ${pathname}`)
      if (pathname.endsWith('/boom')) throw new Error('inside')
      return new Response(name, { headers: { 'cache-control': 'no-store' } })
    },
    upgrade: (_request: unknown, socket: { end(text: string): void }) => socket.end(`HTTP/1.1 418 ${name}\r\n\r\n`),
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apex-front-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(folder, 'assets/app-1a2b.js'), `console.log("${'x'.repeat(5_000)}")`)
  await writeFile(join(folder, '.stamp'), 'secret')
  const files = await StaticFiles.load(folder)
  health = new Health({ version: '1.2.3', clock: manualClock() })
  front = new Front({ health, metrics: createMetrics() })
  listener = await listen({ host: '127.0.0.1', port: 0, fetch: front.fetch, upgrade: front.upgrade })
  const address = serverAddress({ host: '127.0.0.1', port: listener.port }, undefined)
  url = address.url
  const gateway = createGateway({
    services: { auth: service('auth'), chat: service('chat'), analytics: service('analytics') },
    ownerOf: createEndpointOwner(ENDPOINTS),
    pages: (request) => files.fetch(request),
    openApi: createOpenApi(ENDPOINTS, '1.2.3'),
    https: false,
    log: captureLog().log,
  })
  front.open(address, gateway)
  health.enter('running')
  seen.length = 0
})

afterEach(async () => {
  await listener[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function problem(path: string, init?: RequestInit): Promise<Problem> {
  const response = await fetch(url + path, init)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = Problem.parse(await response.json())
  expect(body.requestId).toBe(response.headers.get('x-request-id'))
  return body
}

// Sent as written: fetch would tidy the address up first.
function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url)
    httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end()
  })
}

describe('addresses', () => {
  test('every endpoint reaches the service that declares it', async () => {
    for (const { path, service: owner } of ENDPOINTS) {
      const address = path.replaceAll(/:\w+/g, '0198c0de-0000-7000-8000-000000000000')
      expect(await (await fetch(url + address)).text(), path).toBe(owner)
    }
  })

  test('an address nobody declares is a problem, not a page', async () => {
    for (const path of ['/api', '/api/v1/nowhere', '/api/v1/threads/1/2/3/4', '/api/v1/threads/', '/api/v2/threads']) {
      expect((await problem(path)).code).toBe('not_found')
    }
    expect(seen).toEqual([])
  })

  test('what is internal does not exist outside, however it is written', async () => {
    const paths = [
      '/internal/chat/jwks.json',
      '/internal',
      '//internal/chat/jwks.json',
      '/%69nternal/chat/jwks.json',
      '/api/v1/../../internal/chat/jwks.json',
      '/api/auth/..%2f..%2finternal/chat/jwks.json',
      '/x/../internal/chat/jwks.json',
      'http://127.0.0.1/internal/chat/jwks.json',
    ]
    for (const path of paths) {
      await raw(path)
      expect(
        seen.filter((each) => each.includes('internal/chat/jwks.json') && !each.includes('%2f')),
        path,
      ).toEqual([])
    }
    expect((await problem('/internal/chat/jwks.json')).code).toBe('not_found')
  })

  test('a failing service is answered in the error model without its inside', async () => {
    const body = await problem('/api/v1/threads/boom')

    expect(body.code).toBe('internal')
    expect(JSON.stringify(body)).not.toContain('inside')
  })

  test('the request id of the caller comes back', async () => {
    const response = await fetch(`${url}/api/v1/nowhere`, { headers: { 'x-request-id': 'caller-0001' } })

    expect(response.headers.get('x-request-id')).toBe('caller-0001')
  })

  test('a socket is the chat’s, and nowhere else', async () => {
    expect(await upgrade('/ws')).toContain('418 chat')
    expect(await upgrade('/ws/other')).toContain('404')
    expect(await upgrade('/')).toContain('404')
    expect((await problem('/ws')).code).toBe('invalid_request')
  })

  test('a foreign Host is refused, for sockets too, and health still answers', async () => {
    const { port } = new URL(url)
    expect((await raw('/api/v1/agents', { host: `evil.test:${port}` })).text).toContain('origin_refused')
    expect((await raw('/', { host: 'evil.test' })).status).toBe(403)
    expect((await raw('/api/v1/agents', { host: `localhost:${port}` })).text).toBe('chat')
    expect((await raw('/health', { host: 'probe' })).status).toBe(200)
    expect(await upgrade('/ws', 'evil.test')).toContain('403')
  })
})

describe('pages', () => {
  test('a page of the application gets index.html, never from a store', async () => {
    for (const path of ['/', '/chat/0198c0de', '/reports/x']) {
      const response = await fetch(url + path)
      expect(await response.text()).toContain('<title>page</title>')
      expect(response.headers.get('cache-control')).toBe('no-cache')
      const again = await fetch(url + path, { headers: { 'if-none-match': response.headers.get('etag') as string } })
      expect(again.status).toBe(304)
    }
  })

  test('hashed files are kept for ever and sent compressed', async () => {
    const response = await fetch(`${url}/assets/app-1a2b.js`, { headers: { 'accept-encoding': 'br' } })

    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(response.headers.get('content-encoding')).toBe('br')
    expect(Number(response.headers.get('content-length'))).toBeLessThan(500)
    expect(await response.text()).toContain('xxxx')
  })

  test('a missing file is no page, a hidden one does not exist, and nothing outside is reached', async () => {
    for (const path of ['/assets/gone.js', '/favicon.ico', '/.stamp', '/assets/']) {
      expect((await problem(path)).code).toBe('not_found')
    }
    expect((await raw('/../../../etc/passwd.txt')).status).toBe(404)
    expect((await raw('/assets/..%2f..%2fetc/passwd')).status).toBe(404)
    expect((await problem('/chat', { method: 'POST' })).code).toBe('method_not_allowed')
  })

  test('carry a policy without inline scripts and the other guards', async () => {
    const { headers } = await fetch(url)
    const policy = headers.get('content-security-policy') ?? ''

    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect((await fetch(`${url}/api/v1/agents`)).headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

describe('for operators', () => {
  test('health names every part, and ready fails with the reason', async () => {
    health.add('chat', async () => 'ready')
    expect(await (await fetch(`${url}/health`)).json()).toEqual({
      status: 'ok',
      version: '1.2.3',
      time: '2026-01-01T00:00:00.000Z',
      services: { chat: 'ready' },
    })
    expect((await fetch(`${url}/ready`)).status).toBe(200)

    health.add('auth', () => Promise.reject(new AppError('unavailable', 'no')))
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
      status: 'degraded',
      services: { auth: 'unavailable' },
    })
    expect(await problem('/ready')).toMatchObject({
      status: 503,
      detail: expect.stringContaining('auth is unavailable'),
    })
  })

  test('metrics are for this machine only', async () => {
    expect((await fetch(`${url}/metrics`)).status).toBe(200)
    expect((await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '1.2.3.4' } })).status).toBe(404)
  })

  test('before it is open and after it closed everything else is told to wait', async () => {
    await front.close()

    expect(await problem('/api/v1/agents')).toMatchObject({ code: 'busy', retryable: true })
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect(await upgrade('/ws')).toContain('503')
  })
})

test('the OpenAPI document describes every endpoint by its own schemas', async () => {
  const document = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as {
    openapi: string
    paths: Record<string, Record<string, { operationId: string; requestBody?: unknown }>>
  }
  const operations = Object.values(document.paths).flatMap((each) => Object.values(each))

  expect(document.openapi).toBe('3.1.0')
  expect(operations.map((each) => each.operationId).sort()).toEqual(ENDPOINTS.map((each) => each.name).sort())
  expect(document.paths['/api/v1/auth/sign-in']?.post).toMatchObject({
    security: [],
    requestBody: {
      content: { 'application/json': { schema: { required: expect.arrayContaining(['email', 'password']) } } },
    },
  })
})

test('an address with two owners is refused when the table is made', () => {
  const [first] = ENDPOINTS
  if (!first) throw new Error('no endpoints')
  const other = { ...first, service: first.service === 'auth' ? ('chat' as const) : ('auth' as const) }

  expect(() => createEndpointOwner([first, other])).toThrow(/one owner/)
})

function upgrade(path: string, host = new URL(url).host): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) }, () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      ),
    )
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
}
