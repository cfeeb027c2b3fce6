import { sessionRoute } from '@apex/kit/http/route'
import type { TokenSigner } from '@apex/kit/token-signer'
import { ListSessions } from '@apex/protocol/endpoints/auth/list-sessions'
import { GetMe } from '@apex/protocol/endpoints/auth/me'
import { RevokeSession } from '@apex/protocol/endpoints/auth/revoke-session'
import { SwitchOrganization } from '@apex/protocol/endpoints/auth/switch-organization'
import { MintToken } from '@apex/protocol/endpoints/auth/token'
import type { AuthEvents } from '../events.ts'
import { scopeOf } from '../organizations/roles.ts'
import { meOf, type Sessions } from '../sessions/sessions.ts'
import type { AuthApp } from './auth-app.ts'

export type SessionRoutesDependencies = {
  sessions: Sessions
  signer: TokenSigner
  events: AuthEvents
  audiences: string[]
  absoluteMs: number
}

/** What a session is good for: who am I, access tokens, the other sessions, the organisation worked in. */
export function addSessionRoutes(app: AuthApp, deps: SessionRoutesDependencies): void {
  const { sessions, signer, events, audiences, absoluteMs } = deps

  sessionRoute(app, GetMe, ({ session }) => meOf(session))

  sessionRoute(app, MintToken, async ({ session }) => {
    const { role, organizationId } = session.membership
    const claims = { sub: session.user.id, sid: session.id, org: organizationId, role, scope: scopeOf(role) }
    const { token, expiresAtMs } = await signer.sign(claims, audiences)
    return { accessToken: token, expiresAt: new Date(expiresAtMs).toISOString() }
  })

  sessionRoute(app, ListSessions, async ({ session }) => {
    const rows = await sessions.list(session)
    return {
      sessions: rows.map((row) => ({
        id: row.id,
        current: row.id === session.id,
        createdAt: row.createdAt.toISOString(),
        lastUsedAt: row.updatedAt.toISOString(),
        expiresAt: new Date(Math.min(row.expiresAt.getTime(), row.createdAt.getTime() + absoluteMs)).toISOString(),
        userAgent: row.userAgent,
        ipPrefix: row.ipPrefix,
      })),
    }
  })

  sessionRoute(app, RevokeSession, async ({ session, params }) => {
    await sessions.end(session.user.id, params.sessionId)
    events.sessionRevoked(session, params.sessionId)
    return {}
  })

  sessionRoute(app, SwitchOrganization, async ({ session, body }) =>
    meOf(await sessions.switchOrganization(session, body.organizationId)),
  )
}
