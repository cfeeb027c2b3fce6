import { ChangePassword } from '@apex/protocol/endpoints/auth/change-password'
import { ListSessions } from '@apex/protocol/endpoints/auth/list-sessions'
import { GetMe } from '@apex/protocol/endpoints/auth/me'
import { RevokeSession } from '@apex/protocol/endpoints/auth/revoke-session'
import { SignIn } from '@apex/protocol/endpoints/auth/sign-in'
import { SignOut } from '@apex/protocol/endpoints/auth/sign-out'
import { MintToken } from '@apex/protocol/endpoints/auth/token'
import type { Problem } from '@apex/protocol/error'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { NewOwner } from '../src/accounts/owner.ts'
import { PasswordHasher } from '../src/accounts/password-hasher.ts'
import { origin, startAuth, strongPassword } from './auth-fixture.ts'

const browser = { origin }

describe('signing in', () => {
  test('the owner of the first start signs in and is told who they are', async () => {
    const { owner, signIn, call } = await startAuth()
    const { token } = await signIn(owner.email, owner.password)
    const me = await call(GetMe, { token })

    expect(me).toMatchObject({
      user: { email: 'owner@apex.example', name: 'Owner' },
      organization: { id: owner.organizationId, name: 'First' },
      role: 'owner',
      organizations: [{ id: owner.organizationId, role: 'owner' }],
    })
  })

  test('an owner whose password could not be kept is none', async () => {
    const { service, sql } = await startAuth()
    await sql`delete from users`
    const keep = () => Promise.reject(new Error('the disk is full'))

    await expect(service.ensureOwner({ keep })).rejects.toThrow('the disk is full')

    expect(await sql`select id from users`).toEqual([])
    const kept: NewOwner[] = []
    const owner = await service.ensureOwner({ keep: async (given) => void kept.push(given) })
    expect(kept).toEqual([owner])
  })

  test('a second start creates no other owner', async () => {
    const { service } = await startAuth()

    expect(await service.ensureOwner()).toBeNull()
  })

  test('a browser gets a cookie no script can read, and no token', async () => {
    const { owner, send } = await startAuth()
    const response = await send(SignIn, { body: { email: owner.email, password: owner.password }, headers: browser })

    expect(await response.json()).not.toHaveProperty('sessionToken')
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-apex_session=[\w-]{43}; Max-Age=2592000; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
    expect((await send(GetMe, { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200)
  })

  test('a wrong password, an unknown account and impossible input get the same answer', async () => {
    const { owner, refusal } = await startAuth()
    const tries = [
      { email: owner.email, password: 'wrong-password-1' },
      { email: 'nobody@apex.example', password: 'wrong-password-1' },
      { email: 'not an address', password: 'wrong-password-1' },
      { email: owner.email, password: '' },
      { email: owner.email, password: 'x'.repeat(500) },
    ]
    const answers: Problem[] = []
    for (const body of tries) answers.push(await refusal(SignIn, { body: { ...body, transport: 'token' } }))

    for (const answer of answers) expect({ ...answer, requestId: '' }).toEqual({ ...answers[0], requestId: '' })
    expect(answers[0]).toMatchObject({ code: 'unauthenticated', status: 401 })
  })

  test('an unknown account costs the work of one hash, as a known one does', async () => {
    const { owner, refusal } = await startAuth()
    const works = [vi.spyOn(PasswordHasher.prototype, 'hash'), vi.spyOn(PasswordHasher.prototype, 'verify')]
    onTestFinished(() => works.forEach((work) => work.mockRestore()))
    const done = () => works.reduce((sum, work) => sum + work.mock.calls.length, 0)

    for (const email of [owner.email, 'nobody@apex.example', 'not an address']) {
      const before = done()
      await refusal(SignIn, { body: { email, password: 'wrong-password-1', transport: 'token' } })
      expect(done() - before, email).toBe(1)
    }
  })

  test('no secret is stored or logged', async () => {
    const { owner, signIn, sql, lines } = await startAuth()
    const { token } = await signIn(owner.email, owner.password)
    const rows =
      await sql`select row_to_json(s)::text as text from sessions s union all select row_to_json(a)::text from accounts a`
    const stored = JSON.stringify(rows)

    expect(stored).not.toContain(token)
    expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(JSON.stringify(lines)).not.toContain(token)
    expect(JSON.stringify(lines)).not.toContain(owner.password)
  })

  test('what is stored of a session does not let anybody in', async () => {
    const { owner, signIn, sql, refusal } = await startAuth()
    await signIn(owner.email, owner.password)
    const [row] = await sql<{ token: string }[]>`select token from sessions`

    expect(await refusal(GetMe, { token: row?.token ?? '' })).toMatchObject({ code: 'unauthenticated' })
  })
})

describe('pages of other addresses', () => {
  test('cannot sign anybody in or change anything with their cookie', async () => {
    const { owner, send, refusal } = await startAuth()
    const body = { email: owner.email, password: owner.password }
    const signedIn = await send(SignIn, { body, headers: browser })
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: `${origin}.evil.example` },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      {},
    ]
    for (const headers of foreign) {
      expect((await refusal(SignIn, { body, headers })).code).toBe('origin_refused')
      expect((await refusal(MintToken, { cookie, headers })).code).toBe('origin_refused')
      expect((await refusal(SignOut, { cookie, headers })).code).toBe('origin_refused')
    }

    expect((await send(MintToken, { cookie, headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(200)
    expect((await send(SignOut, { cookie, headers: browser })).status).toBe(200)
  })

  test('a page gets no session token, not even one of ours', async () => {
    const { owner, refusal } = await startAuth()
    const body = { email: owner.email, password: owner.password, transport: 'token' }

    expect((await refusal(SignIn, { body, headers: browser })).code).toBe('origin_refused')
  })
})

describe('throttling', () => {
  test('slows an account down from the fifth failure, never for good, and knows no unknown accounts', async () => {
    const { owner, refusal, signIn, advance } = await startAuth()
    for (const email of [owner.email, 'nobody@apex.example']) {
      const fail = () => refusal(SignIn, { body: { email, password: 'wrong-password-1', transport: 'token' } })
      const codes: string[] = []
      for (let round = 0; round < 6; round += 1) codes.push((await fail()).code)
      expect(codes).toEqual([...Array.from({ length: 5 }, () => 'unauthenticated'), 'rate_limited'])
      expect(await fail()).toMatchObject({ status: 429, retryable: true, retryAfter: 2 })

      advance(2_100)
      expect((await fail()).code).toBe('unauthenticated')
      expect(await fail()).toMatchObject({ code: 'rate_limited', retryAfter: 4 })
    }

    const blocked = refusal(SignIn, { body: { email: owner.email, password: owner.password, transport: 'token' } })
    expect((await blocked).code).toBe('rate_limited')
    advance(900_000)
    await signIn(owner.email, owner.password)
    expect(
      (await refusal(SignIn, { body: { email: owner.email, password: 'wrong-password-1', transport: 'token' } })).code,
    ).toBe('unauthenticated')
  })

  test('parallel guesses do not outrun the count', async () => {
    const { owner, refusal } = await startAuth()
    const guesses = Array.from({ length: 20 }, (_each, index) =>
      refusal(SignIn, { body: { email: owner.email, password: `wrong-password-${index}`, transport: 'token' } }),
    )
    const codes = (await Promise.all(guesses)).map((each) => each.code)

    expect(codes.filter((code) => code === 'unauthenticated')).toHaveLength(5)
  })

  test('slows a network down across accounts', async () => {
    const { refusal, owner, signIn } = await startAuth()
    const codes = new Set<string>()
    for (let round = 0; round < 31; round += 1) {
      const body = { email: `guess-${round}@apex.example`, password: 'x', transport: 'token' }
      codes.add((await refusal(SignIn, { body, address: `203.0.113.${round}` })).code)
    }

    expect(codes).toEqual(new Set(['unauthenticated', 'rate_limited']))
    await signIn(owner.email, owner.password, { address: '198.51.100.7' })
  })
})

describe('a crowd', () => {
  test('is served up to a bound; the rest are told to come back and nobody is blamed', async () => {
    const { refusal, owner, signIn, sql } = await startAuth()
    const crowd = Array.from({ length: 60 }, (_each, index) =>
      refusal(SignIn, {
        body: { email: `p${index}@apex.example`, password: 'x', transport: 'token' },
        address: `10.${index}.0.1`,
      }),
    )
    const answers = await Promise.all(crowd)
    const busy = answers.filter((each) => each.code === 'busy')

    expect(new Set(answers.map((each) => each.code))).toEqual(new Set(['unauthenticated', 'busy']))
    expect(busy[0]).toMatchObject({ status: 503, retryable: true, retryAfter: 2 })
    await signIn(owner.email, owner.password, { address: '198.51.100.7' })
    const [row] =
      await sql`select count(*)::int as count from sign_in_attempts where failures > 0 and key like 'account:%'`
    expect(row).toEqual({ count: answers.filter((each) => each.code === 'unauthenticated').length })
  })

  test('a person without any organisation is told so', async () => {
    const { refusal, owner, sql } = await startAuth()
    await sql`delete from members`
    const body = { email: owner.email, password: owner.password, transport: 'token' }
    expect(await refusal(SignIn, { body })).toMatchObject({ code: 'forbidden' })
  })
})

describe('sessions', () => {
  test('are listed with the current one marked, and ended by their owner only', async () => {
    const { owner, signIn, join, call, refusal } = await startAuth()
    const one = await signIn(owner.email, owner.password, {
      address: '203.0.113.9',
      headers: { 'user-agent': 'netra-cli' },
    })
    const two = await signIn(owner.email, owner.password)
    const other = await join(one.token, 'other@apex.example')
    const { sessions } = await call(ListSessions, { token: one.token })

    expect(sessions.map(({ id, current }) => ({ id, current }))).toEqual([
      { id: two.session.id, current: false },
      { id: one.session.id, current: true },
    ])
    expect(sessions[1]).toMatchObject({ userAgent: 'netra-cli', ipPrefix: '203.0.113.0/24' })

    const params = { sessionId: two.session.id }
    expect((await refusal(RevokeSession, { token: other.token, params })).code).toBe('not_found')
    await call(RevokeSession, { token: one.token, params })
    expect((await refusal(GetMe, { token: two.token })).code).toBe('unauthenticated')
  })

  test('the sixth ends the oldest', async () => {
    const { owner, signIn, call, refusal, service } = await startAuth()
    const revoked: string[] = []
    service.onSessionRevoked((each) => revoked.push(each.sessionId))
    const opened = []
    for (let round = 0; round < 6; round += 1) opened.push(await signIn(owner.email, owner.password))

    expect(revoked).toEqual([opened[0]?.session.id])
    expect((await refusal(GetMe, { token: opened[0]?.token ?? '' })).code).toBe('unauthenticated')
    expect((await call(ListSessions, { token: opened[5]?.token ?? '' })).sessions).toHaveLength(5)
  })

  test('end when idle too long and at their longest life, however busy', async () => {
    const { owner, signIn, sql, call, refusal } = await startAuth()
    const idle = await signIn(owner.email, owner.password)
    const old = await signIn(owner.email, owner.password)
    await sql`update sessions set expires_at = now() - interval '1 second' where id = ${idle.session.id}`
    await sql`update sessions set created_at = now() - interval '29 days 23 hours' where id = ${old.session.id}`
    const { session } = await call(GetMe, { token: old.token })

    expect((await refusal(GetMe, { token: idle.token })).code).toBe('unauthenticated')
    expect(Date.parse(session.expiresAt) - Date.now()).toBeLessThan(3_600_000)
    await sql`update sessions set created_at = now() - interval '30 days 1 minute' where id = ${old.session.id}`
    const refusals = await Promise.all([1, 2, 3].map(() => refusal(GetMe, { token: old.token })))
    expect(refusals.map(({ code }) => code)).toEqual(['unauthenticated', 'unauthenticated', 'unauthenticated'])
  })

  test('an outage of the database is not told as a sign-out', async () => {
    const { owner, signIn, sql, refusal } = await startAuth()
    const { token } = await signIn(owner.email, owner.password)
    await sql`alter table sessions rename to sessions_away`

    expect((await refusal(GetMe, { token })).code).not.toBe('unauthenticated')
  })
})

describe('changing the password', () => {
  test('needs the current one, ends the other sessions and keeps this one', async () => {
    const { owner, signIn, call, refusal } = await startAuth()
    const here = await signIn(owner.email, owner.password)
    const there = await signIn(owner.email, owner.password)
    const wrong = { currentPassword: 'not-the-password', newPassword: strongPassword }
    expect((await refusal(ChangePassword, { token: here.token, body: wrong })).code).toBe('unauthenticated')
    expect(await call(GetMe, { token: there.token })).toBeDefined()

    await call(ChangePassword, {
      token: here.token,
      body: { currentPassword: owner.password, newPassword: strongPassword },
    })
    expect(await call(GetMe, { token: here.token })).toBeDefined()
    expect((await refusal(GetMe, { token: there.token })).code).toBe('unauthenticated')
    await signIn(owner.email, strongPassword)
  })

  test('refuses weak ones and says why', async () => {
    const { owner, signIn, refusal } = await startAuth()
    const { token } = await signIn(owner.email, owner.password)
    const body = { currentPassword: owner.password, newPassword: 'Password-1234!' }
    const answer = await refusal(ChangePassword, { token, body })

    expect(answer).toMatchObject({ code: 'unprocessable', issues: [{ path: 'body.newPassword' }] })
  })
})
