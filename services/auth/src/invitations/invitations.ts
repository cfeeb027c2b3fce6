import { AppError, NotFoundError } from '@apex/kit/app-error'
import type { Clock } from '@apex/kit/clock'
import type { Role } from '@apex/protocol/identity'
import type { TransactionSql } from 'postgres'
import type { Account } from '../accounts/account.ts'
import type { PasswordHasher } from '../accounts/password-hasher.ts'
import { checkPassword } from '../accounts/password-policy.ts'
import type { SignIn } from '../accounts/sign-in.ts'
import { InvitationGoneError } from '../errors.ts'
import { hashToken, newSessionToken } from '../sessions/session-token.ts'
import type { ActiveSession, Device } from '../sessions/sessions.ts'
import type { SignInThrottle } from '../throttle/sign-in-throttle.ts'
import type { InvitationRow, InvitationStatus, OpenInvitation } from './invitation.ts'
import type { InvitationStore } from './invitation-store.ts'

const lifetimeMs = 7 * 86_400_000
const maxPending = 100

export type InvitationsDependencies = {
  store: InvitationStore
  accounts: {
    findByEmail(email: string): Promise<Account | undefined>
    insert(sql: TransactionSql, account: Omit<Account, 'userId'>): Promise<string>
  }
  organizations: {
    hasMemberWithEmail(organizationId: string, email: string): Promise<boolean>
    inTransaction<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T>
    insertMember(sql: TransactionSql, member: Joined & { role: Role }): Promise<void>
  }
  passwords: PasswordHasher
  signIn: SignIn
  throttle: SignInThrottle
  clock: Clock
}

/** Who an accepted invitation makes a member. */
export type Joined = { userId: string; organizationId: string }

/** The only way to an account: a link for one address, one organisation and one use. */
export class Invitations {
  readonly #deps: InvitationsDependencies

  constructor(dependencies: InvitationsDependencies) {
    this.#deps = dependencies
  }

  /** Invites an address to the session's organisation; the token is told once and not stored. */
  async create(
    session: ActiveSession,
    invitee: { email: string; role: Role },
  ): Promise<{ invitation: InvitationRow; token: string }> {
    const { store, organizations } = this.#deps
    const { organizationId } = session.membership
    const email = invitee.email.toLowerCase()
    const now = this.#now()
    if (await organizations.hasMemberWithEmail(organizationId, email)) {
      throw new AppError('conflict', `${email} already belongs to this organisation. Nothing needs to be done.`)
    }
    if ((await store.countPending(organizationId, now)) >= maxPending) {
      throw new AppError(
        'rate_limited',
        `${maxPending} invitations are open already. Revoke some before inviting more.`,
      )
    }
    const token = newSessionToken()
    const invitation = await store.insert(
      {
        organizationId,
        inviterId: session.user.id,
        email,
        role: invitee.role,
        tokenHash: hashToken(token),
        expiresAt: new Date(now.getTime() + lifetimeMs),
      },
      now,
    )
    if (!invitation) {
      throw new AppError('conflict', `${email} has an open invitation. Revoke it first if its link was lost.`)
    }
    return { invitation, token }
  }

  async list(session: ActiveSession): Promise<InvitationRow[]> {
    const now = this.#now()
    const rows = await this.#deps.store.listOf(session.membership.organizationId)
    return rows.map((row) => ({ ...row, status: statusAt(row, now) }))
  }

  async revoke(session: ActiveSession, invitationId: string): Promise<void> {
    const revoked = await this.#deps.store.revoke(session.membership.organizationId, invitationId)
    if (!revoked) throw new NotFoundError('open invitation')
  }

  /** What a link is for. Throws `NotFoundError`, `InvitationGoneError` or `TooManyAttemptsError`. */
  async preview(token: string, device: Device): Promise<OpenInvitation & { hasAccount: boolean }> {
    const attempt = await this.#deps.throttle.beginAnonymous(device.address)
    const invitation = await this.#deps.store.findByToken(hashToken(token))
    if (!invitation) throw new NotFoundError('invitation')
    await attempt.succeeded()
    const status = statusAt(invitation, this.#now())
    if (status !== 'pending') throw new InvitationGoneError(status)
    const account = await this.#deps.accounts.findByEmail(invitation.email)
    return { ...invitation, hasAccount: account !== undefined }
  }

  /** Makes the invited person a member, with a new account or by the password of the one they have. */
  async accept(token: string, person: { name: string; password: string }, device: Device): Promise<Joined> {
    const invitation = await this.preview(token, device)
    const { email } = invitation
    if (invitation.hasAccount) {
      const { userId } = await this.#deps.signIn.prove({ email, password: person.password }, device)
      return this.#join(invitation, userId)
    }
    checkPassword(person.password, { email, path: 'body.password' })
    const passwordHash = await this.#deps.passwords.hash(person.password)
    return this.#join(invitation, { email, name: person.name, passwordHash })
  }

  async #join(invitation: OpenInvitation, person: string | Omit<Account, 'userId'>): Promise<Joined> {
    const { store, accounts, organizations } = this.#deps
    const { organizationId, role } = invitation
    try {
      return await organizations.inTransaction(async (sql) => {
        if (!(await store.take(sql, invitation, this.#now()))) throw new InvitationGoneError('accepted')
        const userId = typeof person === 'string' ? person : await accounts.insert(sql, person)
        await organizations.insertMember(sql, { organizationId, userId, role })
        return { userId, organizationId }
      })
    } catch (error) {
      // Two invitations of one new address were accepted at once; the second finds the account on the next try.
      if ((error as { code?: string }).code !== '23505') throw error
      throw new AppError('conflict', 'The account was created a moment ago. Try again with its password.', {
        cause: error,
      })
    }
  }

  #now(): Date {
    return new Date(this.#deps.clock.nowMs())
  }
}

function statusAt({ status, expiresAt }: InvitationRow, now: Date): InvitationStatus {
  return status === 'pending' && expiresAt <= now ? 'expired' : status
}
