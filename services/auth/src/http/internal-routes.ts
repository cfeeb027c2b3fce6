import { timingSafeEqual } from 'node:crypto'
import { NotFoundError } from '@apex/kit/app-error'
import { clientAddressOf } from '@apex/kit/http/client-address'
import { bearerToken } from '@apex/kit/http/route'
import type { RevocationFeed } from '../revocations/revocation-feed.ts'
import { hashToken } from '../sessions/session-token.ts'
import type { AuthApp } from './auth-app.ts'

export type InternalRoutesDependencies = { revocations: RevocationFeed; internalSecret: string | undefined }

/**
 * For other services, not for people: sessions revoked since a cursor, as `{ revoked: [{ sessionId, untilMs }], cursor }`.
 * Calls inside the process pass, calls from the network need the shared secret, and everybody else finds nothing here.
 */
export function addInternalRoutes(app: AuthApp, { revocations, internalSecret }: InternalRoutesDependencies): void {
  app.hono.get('/internal/auth/revoked', async (context) => {
    context.set('route', '/internal/auth/revoked')
    const { headers } = context.req.raw
    const isInside = clientAddressOf(headers) === undefined
    if (!isInside && !(internalSecret && sameSecret(bearerToken(headers) ?? '', internalSecret))) {
      throw new NotFoundError('address')
    }
    return context.json(await revocations.since(context.req.query('since') ?? ''))
  })
}

function sameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(given)), Buffer.from(hashToken(wanted)))
}
