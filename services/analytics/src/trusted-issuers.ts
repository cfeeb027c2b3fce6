import { UnavailableError } from '@apex/kit/app-error'
import type { Jwks } from '@apex/kit/jwks-cache'
import type { RevokedPage } from '@apex/kit/revoked-sessions'
import type { Fetch } from '@apex/kit/service'
import type { TrustedIssuer } from '@apex/kit/token'
import { GetJwks } from '@apex/protocol/endpoints/auth/jwks'
import { z } from 'zod'
import { ACCESS_ISSUER, ANALYTICS_AUDIENCE, type AnalyticsConfig, DELEGATION_ISSUER } from './config.ts'

type Sources = Pick<AnalyticsConfig, 'authUrl' | 'chatUrl' | 'internalSecret'> & { authFetch: Fetch; chatFetch: Fetch }

/** Whose tokens are believed: the auth service's for people, the chat service's for runs acting for them. */
export function trustedIssuers(sources: Sources): TrustedIssuer[] {
  const { authFetch, authUrl = 'http://auth.internal', chatFetch, chatUrl = 'http://chat.internal' } = sources
  return [
    {
      issuer: ACCESS_ISSUER,
      typ: 'at+jwt',
      audience: ANALYTICS_AUDIENCE,
      jwksFetch: async () => (await getJson(authFetch, `${authUrl}${GetJwks.path}`)) as Jwks,
    },
    {
      issuer: DELEGATION_ISSUER,
      typ: 'delegation+jwt',
      audience: ANALYTICS_AUDIENCE,
      jwksFetch: async () => (await getJson(chatFetch, `${chatUrl}/internal/chat/jwks.json`)) as Jwks,
    },
  ]
}

/** Asks the auth service which sessions ended after a cursor. */
export function revokedSource({ authFetch, authUrl = 'http://auth.internal', internalSecret }: Sources) {
  const headers: Record<string, string> = internalSecret ? { authorization: `Bearer ${internalSecret}` } : {}
  return async (cursor: string): Promise<RevokedPage> =>
    Revoked.parse(
      await getJson(authFetch, `${authUrl}/internal/auth/revoked?since=${encodeURIComponent(cursor)}`, headers),
    )
}

const Revoked = z.object({
  revoked: z.array(z.object({ sessionId: z.string(), untilMs: z.number() })),
  cursor: z.string(),
})

async function getJson(fetch: Fetch, url: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(new Request(url, { headers }))
  if (!response.ok) throw new UnavailableError(`${new URL(url).host} answered ${response.status}.`)
  return response.json()
}
