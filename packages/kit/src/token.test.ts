import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Jwks } from './jwks-cache.ts'
import { memorySigningKeyStore } from './key-ring.ts'
import { RevokedSessions } from './revoked-sessions.ts'
import { manualClock } from './testing/manual-clock.ts'
import { testTokens } from './testing/test-tokens.ts'
import { waitFor } from './testing/wait-for.ts'
import { createTokenVerifier } from './token.ts'
import { createTokenSigner } from './token-signer.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function setup() {
  const clock = manualClock()
  const user = testTokens({ audience: 'apex-chat', clock })
  const run = testTokens({ audience: 'apex-analytics', typ: 'delegation+jwt', clock })
  const revoked = new RevokedSessions({ clock })
  const verifier = createTokenVerifier({ issuers: [user.trusted, run.trusted], revoked, clock })
  return { clock, user, run, revoked, verifier }
}

describe('a token verifier', () => {
  test('turns an access token into a user', async () => {
    const { clock, user, verifier } = setup()
    const token = await user.mint({ userId: 'u', organizationId: 'o', role: 'member', sessionId: 's', scope: 'a b' })

    expect(await verifier.verify(token)).toEqual({
      kind: 'user',
      userId: 'u',
      organizationId: 'o',
      role: 'member',
      scopes: ['a', 'b'],
      sessionId: 's',
      expiresAtMs: clock.nowMs() + 5 * minuteMs,
      tokenId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  test('turns a delegation token into a run acting for a user', async () => {
    const { run, verifier } = setup()

    expect(await verifier.verify(await run.mint({ runId: 'r' }))).toMatchObject({ kind: 'delegation', runId: 'r' })
  })

  test('accepts an expired token within the leeway only', async () => {
    const { clock, user, verifier } = setup()
    const token = await user.mint()
    clock.advance(5 * minuteMs + 29_000)
    await verifier.verify(token)
    clock.advance(2_000)

    await expect(verifier.verify(token)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('expired'),
    })
  })

  test('refuses another audience, another issuer and a token of the other kind', async () => {
    const { clock, user, run, verifier } = setup()
    const stranger = testTokens({ audience: 'apex-chat', issuer: 'stranger', clock })
    const impostor = testTokens({ audience: 'apex-chat', clock })
    const elsewhere = createTokenVerifier({ issuers: [{ ...user.trusted, audience: 'apex-analytics' }], clock })
    const asDelegation = createTokenVerifier({ issuers: [{ ...user.trusted, typ: 'delegation+jwt' }], clock })
    const refused = { code: 'unauthenticated' }

    await expect(elsewhere.verify(await user.mint())).rejects.toMatchObject(refused)
    await expect(verifier.verify(await stranger.mint())).rejects.toMatchObject(refused)
    await expect(verifier.verify(await impostor.mint())).rejects.toMatchObject(refused)
    await expect(asDelegation.verify(await user.mint())).rejects.toMatchObject(refused)
    expect(await verifier.verify(await run.mint())).toBeDefined()
  })

  test('refuses unsigned tokens, symmetric signatures with the public key, and changed claims', async () => {
    const { clock, user, verifier } = setup()
    const good = await user.mint()
    const [head = '', body = '', signature = ''] = good.split('.')
    const { keys } = await user.jwksFetch()
    const kid = keys[0]?.kid ?? ''
    const confused = await new SignJWT({ org: 'o', role: 'owner', sid: 's' })
      .setProtectedHeader({ alg: 'HS256', kid, typ: 'at+jwt' })
      .setIssuer('apex-auth')
      .setAudience('apex-chat')
      .setSubject('u')
      .setIssuedAt(Math.floor(clock.nowMs() / 1_000))
      .setExpirationTime(Math.floor(clock.nowMs() / 1_000) + 300)
      .sign(new TextEncoder().encode(JSON.stringify(keys[0])))
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
    const forged = [
      `${encode({ alg: 'none', kid, typ: 'at+jwt' })}.${body}.`,
      `${encode({ alg: 'none', kid, typ: 'at+jwt' })}.${body}.${signature}`,
      confused,
      `${head}.${encode({ ...claims, role: 'owner', org: 'other' })}.${signature}`,
      `${encode({ ...JSON.parse(Buffer.from(head, 'base64url').toString()), kid: undefined })}.${body}.${signature}`,
      'not a token',
      '',
    ]

    await verifier.verify(good)
    for (const token of forged)
      await expect(verifier.verify(token), token).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('refuses a signed token that lacks what an identity needs', async () => {
    const clock = manualClock()
    const signer = createTokenSigner({ issuer: 'apex-auth', typ: 'at+jwt', keys: memorySigningKeyStore(), clock })
    const verifier = createTokenVerifier({
      issuers: [{ issuer: 'apex-auth', typ: 'at+jwt', audience: 'apex-chat', jwksFetch: signer.jwks }],
      clock,
    })
    const withoutSession = await signer.sign({ sub: 'u', org: 'o', role: 'owner' }, 'apex-chat')
    const unknownRole = await signer.sign({ sub: 'u', org: 'o', role: 'root', sid: 's' }, 'apex-chat')

    await expect(verifier.verify(withoutSession.token)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(verifier.verify(unknownRole.token)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('refuses tokens of a revoked session', async () => {
    const { clock, user, revoked, verifier } = setup()
    const token = await user.mint({ sessionId: 's' })
    revoked.add({ sessionId: 's', untilMs: clock.nowMs() + 6 * minuteMs })

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'session_ended', sessionId: 's' })
    expect(await verifier.verify(await user.mint({ sessionId: 'other' }))).toBeDefined()
  })
})

describe('the key cache of a verifier', () => {
  function counted() {
    const clock = manualClock()
    const tokens = testTokens({ audience: 'apex-chat', clock })
    const state = { fetches: 0, down: false }
    const jwksFetch = async (): Promise<Jwks> => {
      state.fetches += 1
      if (state.down) throw new Error('auth is down')
      return tokens.jwksFetch()
    }
    const verifier = createTokenVerifier({ issuers: [{ ...tokens.trusted, jwksFetch }], clock })
    return { clock, tokens, state, verifier }
  }

  test('fetches once for many tokens and once per 30 s for unknown keys', async () => {
    const { clock, tokens, state, verifier } = counted()
    const impostor = testTokens({ audience: 'apex-chat', clock })
    await Promise.all([1, 2, 3].map(async () => verifier.verify(await tokens.mint())))
    expect(state.fetches).toBe(1)

    clock.advance(31_000)
    const flood = Array.from({ length: 50 }, async () => verifier.verify(await impostor.mint()))
    await Promise.allSettled(flood)
    expect(state.fetches).toBe(2)
  })

  test('serves a stale set for 24 hours while the issuer is down, then says unavailable', async () => {
    const { clock, tokens, state, verifier } = counted()
    await verifier.verify(await tokens.mint())
    state.down = true
    clock.advance(23 * 3_600_000)
    await verifier.verify(await tokens.mint())
    clock.advance(2 * 3_600_000)

    await expect(verifier.verify(await tokens.mint())).rejects.toMatchObject({ code: 'unavailable', retryable: true })
  })

  test('an issuer that was never reached answers unavailable, not unauthenticated', async () => {
    const { tokens, state, verifier } = counted()
    state.down = true

    await expect(verifier.verify(await tokens.mint())).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('a token signer', () => {
  function signerOn(clock: ReturnType<typeof manualClock>) {
    const keys = memorySigningKeyStore()
    const signer = createTokenSigner({ issuer: 'apex-auth', typ: 'at+jwt', keys, clock })
    const trusted = { issuer: 'apex-auth', typ: 'at+jwt', audience: 'apex-chat', jwksFetch: signer.jwks } as const
    const mint = () => signer.sign({ sub: 'u', org: 'o', role: 'owner', sid: 's' }, 'apex-chat')
    return { keys, signer, trusted, mint }
  }
  const kidOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid as string

  test('publishes a new key before it signs, and keeps the old one after', async () => {
    const clock = manualClock()
    const { signer, trusted, mint } = signerOn(clock)
    const verifier = createTokenVerifier({ issuers: [trusted], clock })
    const before = await mint()
    const { kid } = await signer.rotate()

    expect((await signer.jwks()).keys.map((key) => key.kid)).toContain(kid)
    expect(kidOf((await mint()).token)).not.toBe(kid)
    await verifier.verify(before.token)

    clock.advance(4 * minuteMs)
    const lastOfOld = await mint()
    clock.advance(3 * minuteMs)
    const firstOfNew = await mint()
    expect(kidOf(firstOfNew.token)).toBe(kid)
    await verifier.verify(lastOfOld.token)
    await verifier.verify(firstOfNew.token)

    clock.advance(20 * minuteMs)
    expect((await signer.jwks()).keys.map((key) => key.kid)).toEqual([kid])
  })

  test('rotates by itself after 90 days', async () => {
    const clock = manualClock()
    const { signer, mint } = signerOn(clock)
    const first = kidOf((await mint()).token)
    clock.advance(91 * dayMs)
    expect(kidOf((await mint()).token)).toBe(first)
    clock.advance(7 * minuteMs)

    expect(kidOf((await mint()).token)).not.toBe(first)
    expect((await signer.jwks()).keys).toHaveLength(2)
  })

  test('publishes no private parts', async () => {
    const { signer, mint } = signerOn(manualClock())
    await mint()

    for (const key of (await signer.jwks()).keys) expect(Object.keys(key)).not.toContain('d')
  })
})

describe('RevokedSessions', () => {
  test('follows a source, survives its failures and tells each session once', async () => {
    const clock = manualClock()
    const revoked = new RevokedSessions({ clock })
    const heard: string[] = []
    revoked.onRevoked((sessionId) => heard.push(sessionId))
    const stop = new AbortController()
    const cursors: string[] = []
    const untilMs = clock.nowMs() + minuteMs
    const following = revoked.follow(
      async (cursor) => {
        cursors.push(cursor)
        if (cursors.length === 2) throw new Error('down')
        return {
          revoked: [
            { sessionId: `s${cursors.length}`, untilMs },
            { sessionId: 's1', untilMs },
          ],
          cursor: `${cursors.length}`,
        }
      },
      { signal: stop.signal, log: { warn: () => undefined } as never },
    )
    for (let round = 0; round < 2; round += 1) {
      await waitFor(() => clock.sleepers() === 1)
      clock.advance(1_000)
    }
    await waitFor(() => cursors.length === 3)
    stop.abort()
    await following

    expect(cursors).toEqual(['', '1', '1'])
    expect(heard).toEqual(['s1', 's3'])
    clock.advance(minuteMs)
    expect(revoked.has('s1')).toBe(false)
  })
})
