import { UnauthenticatedError } from '@apex/kit/app-error'
import { bearerToken } from '@apex/kit/http/route'
import { sessionTokenOfCookie } from '../sessions/session-cookie.ts'
import type { ActiveSession, Sessions } from '../sessions/sessions.ts'
import { requireOwnOrigin } from './request-origin.ts'

/** Finds the caller's session by bearer token or cookie; a cookie that changes state must come from our own pages. */
export function createFindSession({
  sessions,
  publicOrigins,
}: {
  sessions: Sessions
  publicOrigins: readonly string[]
}) {
  return async (request: Request): Promise<ActiveSession> => {
    const bearer = bearerToken(request.headers)
    if (bearer) return sessions.find(bearer)
    const cookie = sessionTokenOfCookie(request.headers)
    if (!cookie) throw new UnauthenticatedError()
    if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnOrigin(request.headers, publicOrigins)
    return sessions.find(cookie)
  }
}
