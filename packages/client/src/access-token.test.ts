import { SignOut } from '@apex/protocol/endpoints/auth/sign-out'
import { GetThread } from '@apex/protocol/endpoints/chat/get-thread'
import { describe, expect, test } from 'vitest'
import { createAccessToken, createSignedInClient } from './access-token.ts'

/** A token as the auth service shapes it, good for five minutes of the server's clock. */
function tokenNumber(number: number): string {
  return `${btoa('{}')}.${btoa(JSON.stringify({ iat: 1_000, exp: 1_300, number }))}.signature`
}

function counter() {
  let nowMs = 0
  let minted = 0
  const token = createAccessToken({
    // The server's clock is a year away from the reader's: only the length of the life counts.
    mint: async () => ({ accessToken: tokenNumber(++minted), expiresAt: '2020-01-01T00:00:00.000Z' }),
    now: () => nowMs,
  })
  return { token, pass: (ms: number) => (nowMs += ms), minted: () => minted }
}

describe('createAccessToken', () => {
  test('mints one token for all who ask at once', async () => {
    const { token, minted } = counter()

    const tokens = await Promise.all([token.get(), token.get(), token.get()])

    expect(new Set(tokens).size).toBe(1)
    expect(minted()).toBe(1)
  })

  test('keeps a token until 80 % of its life, whatever the date is here', async () => {
    const { token, pass, minted } = counter()

    await token.get()
    pass(239_999)
    await token.get()
    expect(minted()).toBe(1)
    pass(1)
    await token.get()
    expect(minted()).toBe(2)
  })

  test('mints anew when the current token was refused, and only then', async () => {
    const { token, minted } = counter()
    const first = await token.get()

    const second = await token.get(first)
    await token.get(first)

    expect(second).not.toBe(first)
    expect(minted()).toBe(2)
  })

  test('asks again after a failed mint and after being told to forget', async () => {
    let calls = 0
    const token = createAccessToken({
      mint: async () => {
        if (++calls === 1) throw new Error('away')
        return { accessToken: tokenNumber(calls), expiresAt: '' }
      },
    })

    await expect(token.get()).rejects.toThrow('away')
    await expect(token.get()).resolves.toBe(tokenNumber(2))
    token.forget()
    await expect(token.get()).resolves.toBe(tokenNumber(3))
  })
})

describe('createSignedInClient', () => {
  test('sends the session token to session endpoints and a minted token to the others', async () => {
    const seen: [string, string | null][] = []
    const client = createSignedInClient({
      baseUrl: 'http://apex.test',
      sessionToken: 'session-secret',
      fetch: async (request) => {
        seen.push([new URL(request.url).pathname, request.headers.get('authorization')])
        if (request.url.endsWith('/auth/token'))
          return Response.json({ accessToken: tokenNumber(1), expiresAt: '2030-01-01T00:00:00.000Z' })
        if (request.url.endsWith('/sign-out')) return Response.json({})
        return Response.json({
          thread: {
            id: '01990000-0000-7000-8000-000000000000',
            title: 'T',
            epoch: 1,
            lastSeq: 0,
            activeRunId: null,
            createdAt: '2030-01-01T00:00:00.000Z',
            updatedAt: '2030-01-01T00:00:00.000Z',
          },
        })
      },
    })

    await client.call(GetThread, { params: { threadId: '01990000-0000-7000-8000-000000000000' } })
    await client.call(SignOut, {})

    expect(seen).toEqual([
      ['/api/v1/auth/token', 'Bearer session-secret'],
      ['/api/v1/threads/01990000-0000-7000-8000-000000000000', `Bearer ${tokenNumber(1)}`],
      ['/api/v1/auth/sign-out', 'Bearer session-secret'],
    ])
  })
})
