import { MintToken } from '@apex/protocol/endpoints/auth/token'
import { type Authorize, createHttpClient, type HttpClient } from './http-client.ts'
import type { FetchLike } from './request.ts'

type Minted = { accessToken: string; expiresAt: string }

/** A five-minute access token that is always fresh. */
export type AccessToken = {
  /**
   * The current token, minted anew from 80 % of its life on or when it is the one that was `refused`. Callers share one
   * request.
   */
  get(refused?: string): Promise<string>
  /** Drops the token, as after signing out or switching the organisation. */
  forget(): void
}

const REFRESH_AT = 0.8

/** Keeps an access token of the session behind `mint`; `now` is in milliseconds. */
export function createAccessToken(options: { mint: () => Promise<Minted>; now?: () => number }): AccessToken {
  const { mint, now = Date.now } = options
  let current: { token: string; refreshAtMs: number } | undefined
  let pending: Promise<string> | undefined

  async function renewToken(): Promise<string> {
    // Measured from before the request, so that a slow answer makes the token older and never younger.
    const askedAtMs = now()
    const minted = await mint()
    const lifeMs = lifeOf(minted, askedAtMs)
    current = { token: minted.accessToken, refreshAtMs: askedAtMs + lifeMs * REFRESH_AT }
    return minted.accessToken
  }

  return {
    get(refused) {
      if (current && current.token !== refused && now() < current.refreshAtMs) return Promise.resolve(current.token)
      pending ??= renewToken().finally(() => {
        pending = undefined
      })
      return pending
    },
    forget() {
      current = undefined
    },
  }
}

/** A client that speaks for one session: the browser's cookie when no session token is given, else that token. */
export type SignedInClient = HttpClient & { accessToken: AccessToken }

/** Makes a client whose calls carry the session or a fresh access token, whichever the endpoint wants. */
export function createSignedInClient(options: {
  baseUrl: string
  fetch: FetchLike
  sessionToken?: string
  now?: () => number
}): SignedInClient {
  const { baseUrl, fetch, sessionToken, now } = options
  const session: Record<string, string> = sessionToken ? { authorization: `Bearer ${sessionToken}` } : {}
  const sessionClient = createHttpClient({ baseUrl, fetch, authorize: async () => session })
  const accessToken = createAccessToken({
    mint: () => sessionClient.call(MintToken, { attempts: 3 }),
    ...(now && { now }),
  })
  const authorize: Authorize = async (auth, refused) => {
    if (auth === 'public') return {}
    if (auth === 'session') return session
    return { authorization: `Bearer ${await accessToken.get(refused?.['authorization']?.slice('Bearer '.length))}` }
  }
  return { ...createHttpClient({ baseUrl, fetch, authorize }), accessToken }
}

/** By the token's own clock, since the reader's may be minutes off; a token of another make by `expiresAt`. */
function lifeOf(minted: Minted, nowMs: number): number {
  const payload = minted.accessToken.split('.')[1]
  try {
    const claims = JSON.parse(atob((payload ?? '').replace(/-/g, '+').replace(/_/g, '/'))) as Record<string, unknown>
    const seconds = Number(claims['exp']) - Number(claims['iat'])
    if (seconds > 0) return seconds * 1000
  } catch {
    // Not a JWT: fall through to the date the server named.
  }
  return Date.parse(minted.expiresAt) - nowMs
}
