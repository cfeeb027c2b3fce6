import { publicRoute, sessionRoute } from '@apex/kit/http/route'
import type { TokenSigner } from '@apex/kit/token-signer'
import { GetJwks } from '@apex/protocol/endpoints/auth/jwks'
import { RotateKeys } from '@apex/protocol/endpoints/auth/rotate-keys'
import type { AuthEvents } from '../events.ts'
import { requireRole } from '../organizations/roles.ts'
import type { AuthApp } from './auth-app.ts'

/** The keys that verify access tokens, and their rotation on demand. */
export function addKeyRoutes(app: AuthApp, { signer, events }: { signer: TokenSigner; events: AuthEvents }): void {
  publicRoute(app, GetJwks, async ({ headers }) => {
    headers.set('cache-control', 'public, max-age=60')
    return { keys: (await signer.jwks()).keys.map((key) => ({ ...key })) }
  })

  sessionRoute(app, RotateKeys, async ({ session }) => {
    requireRole(session, ['owner'], 'rotate signing keys')
    const { kid } = await signer.rotate()
    events.keysRotated(session, kid)
    return { kid }
  })
}
