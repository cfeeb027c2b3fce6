import { publicRoute, sessionRoute } from '@apex/kit/http/route'
import { AcceptInvitation } from '@apex/protocol/endpoints/auth/accept-invitation'
import { ChangePassword } from '@apex/protocol/endpoints/auth/change-password'
import { PreviewInvitation } from '@apex/protocol/endpoints/auth/preview-invitation'
import { SignIn as SignInEndpoint } from '@apex/protocol/endpoints/auth/sign-in'
import { SignOut } from '@apex/protocol/endpoints/auth/sign-out'
import type { SignIn } from '../accounts/sign-in.ts'
import type { AuthEvents } from '../events.ts'
import type { Invitations } from '../invitations/invitations.ts'
import { clearedSessionCookie, sessionCookie } from '../sessions/session-cookie.ts'
import { meOf, type OpenedSession, type Sessions } from '../sessions/sessions.ts'
import { type AuthApp, deviceOf } from './auth-app.ts'
import { requireNoBrowser, requireOwnOrigin } from './request-origin.ts'

export type SignInRoutesDependencies = {
  signIn: SignIn
  sessions: Sessions
  invitations: Invitations
  /** Opens a session for somebody who has just proven who they are. */
  openFor: (userId: string) => Promise<unknown>
  events: AuthEvents
  publicOrigins: readonly string[]
  absoluteMs: number
}

type Transport = 'cookie' | 'token'

/** Ways in and out: sign in, accept an invitation, sign out, change the password. */
export function addSignInRoutes(app: AuthApp, deps: SignInRoutesDependencies): void {
  const { signIn, sessions, invitations, openFor, events, publicOrigins, absoluteMs } = deps

  function checkTransport(headers: Headers, transport: Transport): void {
    if (transport === 'token') requireNoBrowser(headers)
    else requireOwnOrigin(headers, publicOrigins)
  }

  function hand({ session, token }: OpenedSession, transport: Transport, headers: Headers) {
    const answer = { ...meOf(session), sessionExpiresAt: new Date(session.expiresAtMs).toISOString() }
    if (transport === 'token') return { ...answer, sessionToken: token }
    headers.append('set-cookie', sessionCookie(token, absoluteMs))
    return answer
  }

  publicRoute(app, SignInEndpoint, async (input) => {
    const { transport, ...credentials } = input.body
    checkTransport(input.request.headers, transport)
    try {
      const opened = await signIn.open(credentials, deviceOf(input))
      events.signedIn(opened.session)
      return hand(opened, transport, input.headers)
    } catch (error) {
      events.signInRefused(error)
      throw error
    }
  })

  publicRoute(app, PreviewInvitation, async (input) => {
    const { email, organizationName, role, expiresAt, hasAccount } = await invitations.preview(
      input.body.token,
      deviceOf(input),
    )
    return { email, organizationName, role, expiresAt: expiresAt.toISOString(), hasAccount }
  })

  publicRoute(app, AcceptInvitation, async (input) => {
    const { token, transport, ...person } = input.body
    checkTransport(input.request.headers, transport)
    const device = deviceOf(input)
    const { userId, organizationId } = await invitations.accept(token, person, device)
    const opened = await sessions.open({ device, organizationId }, () => openFor(userId))
    events.invitationAccepted(opened.session)
    return hand(opened, transport, input.headers)
  })

  sessionRoute(app, SignOut, async ({ session, headers }) => {
    await sessions.end(session.user.id, session.id)
    events.signedOut(session)
    headers.append('set-cookie', clearedSessionCookie())
    return {}
  })

  sessionRoute(app, ChangePassword, async (input) => {
    await signIn.changePassword(input.session, input.body, deviceOf(input))
    events.passwordChanged(input.session)
    return {}
  })
}
