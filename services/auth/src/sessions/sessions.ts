import { ForbiddenError, NotFoundError, UnauthenticatedError, UnavailableError } from '@apex/kit/app-error'
import type { Clock } from '@apex/kit/clock'
import type { Me } from '@apex/protocol/identity'
import { APIError } from 'better-auth/api'
import type { BetterAuth } from '../better-auth.ts'
import type { Membership } from '../organizations/membership.ts'
import type { RevocationFeed } from '../revocations/revocation-feed.ts'
import { ipPrefix } from './ip-prefix.ts'
import { type MembershipSource, type SessionDraft, withSessionDraft } from './session-draft.ts'
import type { SessionRow, SessionStore } from './session-store.ts'
import { hashToken } from './session-token.ts'

/** A living session, whose person belongs to its organisation. */
export type ActiveSession = {
  id: string
  tokenHash: string
  createdAtMs: number
  expiresAtMs: number
  user: { id: string; email: string; name: string }
  membership: Membership
  memberships: Membership[]
}

/** What is known of the device that asks for a session. */
export type Device = { address: string | undefined; userAgent: string | null }

export type OpenedSession = { session: ActiveSession; token: string }

export type SessionsDependencies = {
  auth: BetterAuth
  store: SessionStore
  organizations: MembershipSource
  revocations: RevocationFeed
  clock: Clock
  absoluteMs: number
  maxPerUser: number
}

/** Opens, finds and ends sessions. Whatever ends one tells the listeners of the revocation feed before returning. */
export class Sessions {
  readonly #deps: SessionsDependencies

  constructor(dependencies: SessionsDependencies) {
    this.#deps = dependencies
  }

  /** Opens a session through library code that creates one, and ends the oldest beyond the limit. */
  async open(
    options: { device: Device; organizationId?: string },
    create: () => Promise<unknown>,
  ): Promise<OpenedSession> {
    const { store, revocations, maxPerUser } = this.#deps
    const { draft } = await withSessionDraft(draftOf(options), create)
    const session = await this.find(draft.token)
    if ((await store.endOldest(session.user.id, maxPerUser)) > 0) await revocations.publish()
    return { session, token: draft.token }
  }

  /** The session a token stands for. Throws `UnauthenticatedError` when there is none or it has ended. */
  async find(token: string): Promise<ActiveSession> {
    const tokenHash = hashToken(token)
    const found = await this.#lookUp(tokenHash)
    if (!found) throw new UnauthenticatedError('This session has ended. Sign in again.')
    const { user, session } = found
    const endsAtMs = session.createdAt.getTime() + this.#deps.absoluteMs
    if (endsAtMs <= this.#deps.clock.nowMs()) {
      // Of several requests at that moment one finds it there to end; all are told the same.
      await this.#deps.store.end(user.id, session.id)
      await this.#deps.revocations.publish()
      throw new UnauthenticatedError('This session has reached its longest life. Sign in again.')
    }
    const memberships = await this.#deps.organizations.membershipsOf(user.id)
    const membership = await this.#activeMembership(session, memberships)
    return {
      id: session.id,
      tokenHash,
      createdAtMs: session.createdAt.getTime(),
      expiresAtMs: Math.min(session.expiresAt.getTime(), endsAtMs),
      user: { id: user.id, email: user.email, name: user.name },
      membership,
      memberships,
    }
  }

  list(session: ActiveSession): Promise<SessionRow[]> {
    return this.#deps.store.listOf(session.user.id, new Date(this.#deps.clock.nowMs()))
  }

  /** Ends a session of the person; throws `NotFoundError` when it is not theirs. */
  async end(userId: string, sessionId: string): Promise<void> {
    const ended = await this.#deps.store.end(userId, sessionId)
    await this.#deps.revocations.publish()
    if (!ended) throw new NotFoundError('session')
  }

  async endOthers(session: ActiveSession): Promise<void> {
    await this.#deps.store.endAllBut(session.user.id, session.id)
    await this.#deps.revocations.publish()
  }

  /** Makes another organisation of the person the active one; throws `NotFoundError` for any other. */
  async switchOrganization(session: ActiveSession, organizationId: string): Promise<ActiveSession> {
    const membership = session.memberships.find((each) => each.organizationId === organizationId)
    if (!membership) throw new NotFoundError('organisation')
    await this.#deps.store.setOrganization(session.id, session.user.id, organizationId)
    return { ...session, membership }
  }

  async #lookUp(tokenHash: string) {
    try {
      return await this.#deps.auth.api.getSession({ headers: libraryHeaders(tokenHash) })
    } catch (error) {
      // The library hides its reasons; an outage must not look like a sign-out.
      if (error instanceof APIError)
        throw new UnavailableError('Sessions cannot be checked at the moment.', { cause: error })
      throw error
    }
  }

  async #activeMembership(
    session: { id: string; userId: string; activeOrganizationId?: string | null | undefined },
    memberships: Membership[],
  ): Promise<Membership> {
    const active = memberships.find((each) => each.organizationId === session.activeOrganizationId)
    if (active) return active
    const first = memberships[0]
    if (!first) throw new ForbiddenError('You belong to no organisation any more. Ask an owner for an invitation.')
    await this.#deps.store.setOrganization(session.id, session.userId, first.organizationId)
    return first
  }
}

/** The library's way to be told a session: it looks the value up as it is, and what is stored is the hash. */
export function libraryHeaders(tokenHash: string): Headers {
  return new Headers({ authorization: `Bearer ${tokenHash}` })
}

/** The session as the wire shows it. */
export function meOf(session: ActiveSession): Me {
  const { user, membership, memberships } = session
  return {
    user,
    organization: { id: membership.organizationId, name: membership.organizationName },
    role: membership.role,
    organizations: memberships.map((each) => ({
      id: each.organizationId,
      name: each.organizationName,
      role: each.role,
    })),
    session: { id: session.id, expiresAt: new Date(session.expiresAtMs).toISOString() },
  }
}

function draftOf({
  device,
  organizationId,
}: {
  device: Device
  organizationId?: string
}): Omit<SessionDraft, 'id' | 'token'> {
  return {
    ipPrefix: device.address ? ipPrefix(device.address) : null,
    userAgent: device.userAgent?.slice(0, 200) ?? null,
    ...(organizationId ? { organizationId } : {}),
  }
}
