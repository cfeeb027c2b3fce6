import type { Jwks } from '@apex/kit/jwks-cache'
import { createMetrics } from '@apex/kit/metrics'
import { RevokedSessions } from '@apex/kit/revoked-sessions'
import { captureLog } from '@apex/kit/testing/capture-log'
import { waitFor } from '@apex/kit/testing/wait-for'
import { createTokenVerifier } from '@apex/kit/token'
import { GetJwks } from '@apex/protocol/endpoints/auth/jwks'
import { RotateKeys } from '@apex/protocol/endpoints/auth/rotate-keys'
import { SignOut } from '@apex/protocol/endpoints/auth/sign-out'
import { MintToken } from '@apex/protocol/endpoints/auth/token'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AuthService, createAuthService } from '../src/service.ts'
import { type Auth, claimsOf, startAuth } from './auth-fixture.ts'

function verifierOf({ call }: Auth, revoked = new RevokedSessions()) {
  const jwksFetch = (): Promise<Jwks> => call(GetJwks)
  return createTokenVerifier({
    issuers: [{ issuer: 'apex-auth', typ: 'at+jwt', audience: 'apex-chat', jwksFetch }],
    revoked,
  })
}

/** A second process on the same database, as far as a test can have one. */
async function startNeighbour({ config }: Auth): Promise<AuthService> {
  const service = createAuthService(config, { log: captureLog().log, metrics: createMetrics() })
  onTestFinished(async () => service[Symbol.asyncDispose]())
  await service.start()
  return service
}

describe('access tokens', () => {
  test('carry who, where, as what and for how long', async () => {
    const auth = await startAuth()
    const { token, user, session } = await auth.signIn(auth.owner.email, auth.owner.password)
    const { accessToken, expiresAt } = await auth.call(MintToken, { token })
    const claims = claimsOf(accessToken)

    expect(claims).toMatchObject({
      iss: 'apex-auth',
      aud: ['apex-auth', 'apex-chat', 'apex-analytics'],
      sub: user.id,
      sid: session.id,
      org: auth.owner.organizationId,
      role: 'owner',
      scope: 'read write admin',
    })
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(300)
    expect(Date.parse(expiresAt)).toBe(Number(claims['exp']) * 1_000)
    expect(await verifierOf(auth).verify(accessToken)).toMatchObject({
      kind: 'user',
      userId: user.id,
      sessionId: session.id,
    })
  })

  test('need a session', async () => {
    const { refusal } = await startAuth()

    expect((await refusal(MintToken)).code).toBe('unauthenticated')
    expect((await refusal(MintToken, { token: 'guess' })).code).toBe('unauthenticated')
  })

  test('minted from many tabs at once sign nobody out', async () => {
    const { owner, signIn, send } = await startAuth()
    const { token } = await signIn(owner.email, owner.password)
    const answers = await Promise.all(Array.from({ length: 30 }, () => send(MintToken, { token })))

    expect(answers.map((each) => each.status)).toEqual(Array.from({ length: 30 }, () => 200))
  })
})

describe('rotating the keys', () => {
  test('publishes the new key before use and keeps tokens of the old one valid', async () => {
    const auth = await startAuth()
    const { token } = await auth.signIn(auth.owner.email, auth.owner.password)
    const verifier = verifierOf(auth)
    const before = await auth.call(MintToken, { token })
    const { kid } = await auth.call(RotateKeys, { token })
    const kids = async () => (await auth.call(GetJwks)).keys.map((key) => key['kid'])

    expect(await kids()).toContain(kid)
    expect(await kids()).toHaveLength(2)
    await verifier.verify(before.accessToken)
    await verifier.verify((await auth.call(MintToken, { token })).accessToken)

    auth.advance(420_000)
    const after = await auth.call(MintToken, { token })
    expect(JSON.parse(Buffer.from(after.accessToken.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      kid,
      typ: 'at+jwt',
    })
    expect(await kids()).toHaveLength(2)
  })

  test('is for owners only', async () => {
    const { owner, signIn, join, refusal } = await startAuth()
    const { token } = await signIn(owner.email, owner.password)
    const admin = await join(token, 'admin@apex.example', 'admin')

    expect((await refusal(RotateKeys, { token: admin.token })).code).toBe('forbidden')
  })

  test('private keys are stored sealed and never published', async () => {
    const auth = await startAuth()
    const { token } = await auth.signIn(auth.owner.email, auth.owner.password)
    await auth.call(MintToken, { token })
    const [row] = await auth.sql<
      { sealed: string }[]
    >`select encode(private_sealed, 'escape') as sealed from signing_key`

    expect(row?.sealed).not.toContain('"d"')
    for (const key of (await auth.call(GetJwks)).keys) expect(key).not.toHaveProperty('d')
  })

  test('keys survive a restart', async () => {
    const auth = await startAuth()
    const { token } = await auth.signIn(auth.owner.email, auth.owner.password)
    const { accessToken } = await auth.call(MintToken, { token })
    const again = await startNeighbour(auth)
    const response = await again.fetch(new Request('http://inside/api/v1/auth/jwks.json'))
    const jwks = (await response.json()) as Jwks

    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    const verifier = createTokenVerifier({
      issuers: [{ issuer: 'apex-auth', typ: 'at+jwt', audience: 'apex-chat', jwksFetch: async () => jwks }],
    })
    expect(await verifier.verify(accessToken)).toBeDefined()
  })
})

test('a start with another secret says that the stored keys need the old one', async () => {
  const { config } = await startAuth()
  const secret = 'another-one-Qe9Zt4Kr6Mn1Vc8Yd5Uj3'
  const service = createAuthService({ ...config, secret }, { log: captureLog().log, metrics: createMetrics() })
  onTestFinished(async () => service[Symbol.asyncDispose]())

  await expect(service.start()).rejects.toMatchObject({ code: 'signing_key_sealed' })
})

describe('signing out', () => {
  test('kills the session at once, tells listeners before it answers, and takes the cookie away', async () => {
    const auth = await startAuth()
    const { token, session } = await auth.signIn(auth.owner.email, auth.owner.password)
    const revoked = new RevokedSessions()
    auth.service.onSessionRevoked((each) => revoked.add(each))
    const verifier = verifierOf(auth, revoked)
    const { accessToken } = await auth.call(MintToken, { token })
    await verifier.verify(accessToken)
    const response = await auth.send(SignOut, { token })

    expect(revoked.has(session.id)).toBe(true)
    await expect(verifier.verify(accessToken)).rejects.toMatchObject({ code: 'session_ended' })
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-apex_session=; Max-Age=0;/)
    expect((await auth.refusal(MintToken, { token })).code).toBe('unauthenticated')
  })

  test('reaches other processes on the same database within a second, and pollers', async () => {
    const auth = await startAuth({ internalSecret: 'p0Lling-b7Xw2Qe9Zt4Kr6Mn1Vc8Yd5Uj3' })
    const { token, session } = await auth.signIn(auth.owner.email, auth.owner.password)
    const neighbour = await startNeighbour(auth)
    const heard: string[] = []
    neighbour.onSessionRevoked((each) => heard.push(each.sessionId))
    await auth.call(SignOut, { token })
    await waitFor(() => heard.includes(session.id), { timeoutMs: 1_500 })

    const poll = (headers: Record<string, string>, since = '') =>
      auth.service.fetch(new Request(`http://inside/internal/auth/revoked?since=${since}`, { headers }))
    const page = (await (await poll({})).json()) as {
      revoked: { sessionId: string; untilMs: number }[]
      cursor: string
    }
    expect(page.revoked).toMatchObject([{ sessionId: session.id }])
    expect(((await (await poll({}, page.cursor)).json()) as typeof page).cursor).toBe(page.cursor)

    const fromOutside = { 'x-apex-client-address': '203.0.113.1' }
    expect((await poll(fromOutside)).status).toBe(404)
    expect((await poll({ ...fromOutside, authorization: `Bearer ${auth.config.internalSecret}` })).status).toBe(200)
  })
})
