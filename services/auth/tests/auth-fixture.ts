import { systemClock } from '@apex/kit/clock'
import { createMetrics } from '@apex/kit/metrics'
import { captureLog } from '@apex/kit/testing/capture-log'
import { manualClock } from '@apex/kit/testing/manual-clock'
import { testDatabase } from '@apex/kit/testing/test-database'
import type { Endpoint } from '@apex/protocol/endpoint'
import { AcceptInvitation } from '@apex/protocol/endpoints/auth/accept-invitation'
import { CreateInvitation } from '@apex/protocol/endpoints/auth/create-invitation'
import { SignIn } from '@apex/protocol/endpoints/auth/sign-in'
import { Problem } from '@apex/protocol/error'
import { onTestFinished } from 'vitest'
import type { z } from 'zod'
import type { AuthConfig } from '../src/config.ts'
import { createAuthService } from '../src/service.ts'

export const origin = 'https://apex.example'
export const strongPassword = 'mauve-lantern-quartz-47'

export type CallOptions = {
  body?: unknown
  params?: Record<string, string>
  token?: string
  cookie?: string
  headers?: Record<string, string>
  address?: string
}

export type Auth = Awaited<ReturnType<typeof startAuth>>

/** The whole service on a database of its own, with an owner, spoken to through `fetch` alone. */
export async function startAuth(overrides: Partial<AuthConfig> = {}) {
  const migrations = new URL('../db/migrations/', import.meta.url)
  const database = await testDatabase({ migrations, schema: 'auth' })
  const { log, lines } = captureLog()
  // Follows real time, which the library reads, and can be moved ahead.
  const ahead = manualClock(0)
  const clock = { nowMs: () => Date.now() + ahead.nowMs(), sleep: systemClock.sleep }
  const config: AuthConfig = {
    databaseUrl: database.url,
    secret: 'x5Jq0-test-Zw8Ld2Rm6Vb1Ny4Kp7Tg9Hc3',
    publicOrigins: [origin],
    session: { idleMs: 604_800_000, absoluteMs: 2_592_000_000, maxPerUser: 5 },
    token: { issuer: 'apex-auth', audiences: ['apex-auth', 'apex-chat', 'apex-analytics'] },
    ...overrides,
  }
  const service = createAuthService(config, { log, metrics: createMetrics(), clock })
  onTestFinished(async () => service[Symbol.asyncDispose]())
  await service.start()
  const owner = await service.ensureOwner({ email: 'owner@apex.example', organizationName: 'First' })
  if (!owner) throw new Error('the database was not empty')

  async function send(endpoint: Endpoint, options: CallOptions = {}): Promise<Response> {
    const { body, params = {}, token, cookie, headers = {}, address } = options
    const path = endpoint.path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''))
    return service.fetch(
      new Request(`${origin}${path}`, {
        method: endpoint.method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(cookie ? { cookie } : {}),
          ...(address ? { 'x-apex-client-address': address } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
  }

  /** The parsed answer of a call that succeeds. */
  async function call<R extends z.ZodType>(
    endpoint: Endpoint<z.ZodType, z.ZodType, z.ZodType, R>,
    options: CallOptions = {},
  ): Promise<z.output<R>> {
    const response = await send(endpoint, options)
    const answer: unknown = await response.json()
    if (!response.ok) throw new Error(`${endpoint.name} answered ${response.status}: ${JSON.stringify(answer)}`)
    return endpoint.response.parse(answer)
  }

  /** The problem of a call that is refused. */
  async function refusal(endpoint: Endpoint, options: CallOptions = {}): Promise<Problem> {
    const response = await send(endpoint, options)
    if (response.ok) throw new Error(`${endpoint.name} was not refused: ${await response.text()}`)
    return Problem.parse(await response.json())
  }

  async function signIn(email: string, password: string, options: CallOptions = {}) {
    const answer = await call(SignIn, { ...options, body: { email, password, transport: 'token' } })
    return { ...answer, token: answer.sessionToken ?? '' }
  }

  /** A person with an account, invited and signed in. */
  async function join(inviterToken: string, email: string, role = 'member') {
    const { token } = await call(CreateInvitation, { token: inviterToken, body: { email, role } })
    const body = { token, name: email.split('@')[0], password: strongPassword, transport: 'token' }
    const answer = await call(AcceptInvitation, { body })
    return { ...answer, token: answer.sessionToken ?? '' }
  }

  return {
    service,
    sql: database.sql,
    url: database.url,
    config,
    lines,
    owner,
    send,
    call,
    refusal,
    signIn,
    join,
    advance: ahead.advance,
  }
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}
