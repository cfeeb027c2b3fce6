import type { Log } from '@apex/kit/log'
import { createCounter, type Metrics } from '@apex/kit/metrics'
import type { ActiveSession } from './sessions/sessions.ts'

export type AuthEvents = ReturnType<typeof createAuthEvents>

/** One function per thing that happened, each a log line and a count; never a token, a password or an address. */
export function createAuthEvents({ log, metrics }: { log: Log; metrics: Metrics }) {
  const counter = createCounter(metrics, {
    name: 'auth_events_total',
    help: 'Sign-ins, sign-outs, invitations and other events of accounts',
    labelNames: ['event', 'outcome'],
  })

  function happened(event: string, session: ActiveSession, fields: Record<string, string> = {}): void {
    counter.inc({ event, outcome: 'done' })
    const { user, id, membership } = session
    log.info({ event, userId: user.id, sessionId: id, organizationId: membership.organizationId, ...fields }, event)
  }

  return {
    signedIn: (session: ActiveSession) => happened('signed-in', session),
    signInRefused(error: unknown): void {
      const { code = 'internal' } = error as { code?: string }
      counter.inc({ event: 'signed-in', outcome: code })
    },
    signedOut: (session: ActiveSession) => happened('signed-out', session),
    passwordChanged: (session: ActiveSession) => happened('password-changed', session),
    sessionRevoked: (session: ActiveSession, revokedId: string) => happened('session-revoked', session, { revokedId }),
    organizationCreated: (session: ActiveSession, createdId: string) =>
      happened('organization-created', session, { createdId }),
    invitationCreated: (session: ActiveSession, invitationId: string) =>
      happened('invitation-created', session, { invitationId }),
    invitationRevoked: (session: ActiveSession, invitationId: string) =>
      happened('invitation-revoked', session, { invitationId }),
    invitationAccepted: (session: ActiveSession) => happened('invitation-accepted', session),
    keysRotated: (session: ActiveSession, kid: string) => happened('keys-rotated', session, { kid }),
  }
}
