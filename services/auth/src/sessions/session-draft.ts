import { AsyncLocalStorage } from 'node:async_hooks'
import { ForbiddenError } from '@apex/kit/app-error'
import { newId } from '@apex/kit/id'
import type { NewSession } from '../better-auth.ts'
import type { Membership } from '../organizations/membership.ts'
import type { SessionStore } from './session-store.ts'
import { hashToken, newSessionToken } from './session-token.ts'

/** What we decide about a session before the library writes it. */
export type SessionDraft = {
  readonly id: string
  readonly token: string
  readonly ipPrefix: string | null
  readonly userAgent: string | null
  /** The organisation to start in; the last or first one of the person when absent. */
  readonly organizationId?: string
}

/** Where a person's organisations are found, oldest membership first. */
export type MembershipSource = { membershipsOf(userId: string): Promise<Membership[]> }

const drafts = new AsyncLocalStorage<SessionDraft>()

/** Runs library code that creates one session; the session gets the draft's id and the hash of its token. */
export async function withSessionDraft<T>(
  given: Omit<SessionDraft, 'id' | 'token'>,
  work: () => Promise<T>,
): Promise<{ draft: SessionDraft; result: T }> {
  const draft = { id: newId(), token: newSessionToken(), ...given }
  return { draft, result: await drafts.run(draft, work) }
}

/** The library's hook: completes the row from the draft, and refuses a session that nobody drafted. */
export function createBeforeSession(stores: { sessions: SessionStore; organizations: MembershipSource }) {
  return async (session: NewSession): Promise<Partial<NewSession> & { id: string }> => {
    const draft = drafts.getStore()
    if (!draft) throw new Error('a session was created outside withSessionDraft')
    return {
      id: draft.id,
      token: hashToken(draft.token),
      ipAddress: draft.ipPrefix,
      userAgent: draft.userAgent,
      activeOrganizationId: draft.organizationId ?? (await startingOrganization(stores, session.userId)),
    }
  }
}

async function startingOrganization(
  { sessions, organizations }: { sessions: SessionStore; organizations: MembershipSource },
  userId: string,
): Promise<string> {
  const memberships = await organizations.membershipsOf(userId)
  const last = await sessions.lastOrganizationOf(userId)
  const chosen = memberships.find((each) => each.organizationId === last) ?? memberships[0]
  if (!chosen)
    throw new ForbiddenError('This account belongs to no organisation any more. Ask an owner for an invitation.')
  return chosen.organizationId
}
