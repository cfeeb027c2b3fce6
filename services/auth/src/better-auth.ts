import { newId } from '@apex/kit/id'
import type { Log } from '@apex/kit/log'
import { betterAuth } from 'better-auth'
import { createAccessControl } from 'better-auth/plugins/access'
import { bearer } from 'better-auth/plugins/bearer'
import { organization } from 'better-auth/plugins/organization'
import { adminAc, defaultStatements, memberAc, ownerAc } from 'better-auth/plugins/organization/access'
import type { Pool } from 'pg'
import type { PasswordHasher } from './accounts/password-hasher.ts'

export type BetterAuthDependencies = {
  pool: Pool
  secret: string
  log: Log
  idleMs: number
  passwords: PasswordHasher
  /** Completes a session before it is stored: its hashed token, its organisation and what is kept of the address. */
  beforeSession: (session: NewSession) => Promise<Partial<NewSession>>
}

/** A session row as better-auth is about to write it. */
export type NewSession = {
  userId: string
  token: string
  ipAddress?: string | null | undefined
  userAgent?: string | null | undefined
  activeOrganizationId?: string | null | undefined
}

export type BetterAuth = ReturnType<typeof createBetterAuth>

/** The library with our tables, rules and hashing. Its router is not mounted: our endpoints call `api`. */
export function createBetterAuth(dependencies: BetterAuthDependencies) {
  return betterAuth(betterAuthOptions(dependencies))
}

/** The options alone, for the test that compares the tables they imply with our migrations. */
export function betterAuthOptions({ pool, secret, log, idleMs, passwords, beforeSession }: BetterAuthDependencies) {
  const access = createAccessControl(defaultStatements)
  return {
    appName: 'Netra Apex',
    // Only the library's own links would use this, and we mount none of them.
    baseURL: 'http://auth.internal',
    secret,
    database: pool,
    telemetry: { enabled: false },
    logger: {
      log: (level: 'info' | 'success' | 'warn' | 'error' | 'debug', message: string) =>
        log[level === 'error' ? 'warn' : 'debug']({ library: 'better-auth' }, message),
    },
    rateLimit: { enabled: false },
    advanced: {
      database: { generateId: newId },
      ipAddress: { ipAddressHeaders: ['x-apex-client-address'] },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 128,
      password: {
        hash: (password: string) => passwords.hash(password),
        verify: ({ hash, password }: { hash: string; password: string }) => passwords.verify(hash, password),
      },
    },
    session: {
      ...sessionNames,
      expiresIn: idleMs / 1_000,
      updateAge: 300,
    },
    user: userNames,
    account: accountNames,
    verification: verificationNames,
    databaseHooks: {
      session: { create: { before: async (session: NewSession) => ({ data: await beforeSession(session) }) } },
    },
    plugins: [
      bearer(),
      organization({
        ac: access,
        roles: { owner: ownerAc, admin: adminAc, member: memberAc, viewer: access.newRole({}) },
        creatorRole: 'owner',
        allowUserToCreateOrganization: false,
        schema: organizationNames,
      }),
    ],
  }
}

const times = { createdAt: 'created_at', updatedAt: 'updated_at' } as const

const userNames = { modelName: 'users', fields: { emailVerified: 'email_verified', ...times } } as const

const sessionNames = {
  modelName: 'sessions',
  fields: { userId: 'user_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', ...times },
} as const

const accountNames = {
  modelName: 'accounts',
  fields: {
    userId: 'user_id',
    accountId: 'account_id',
    providerId: 'provider_id',
    accessToken: 'access_token',
    refreshToken: 'refresh_token',
    idToken: 'id_token',
    accessTokenExpiresAt: 'access_token_expires_at',
    refreshTokenExpiresAt: 'refresh_token_expires_at',
    ...times,
  },
} as const

const verificationNames = { modelName: 'verifications', fields: { expiresAt: 'expires_at', ...times } } as const

const organizationNames = {
  session: { fields: { activeOrganizationId: 'active_organization_id' } },
  organization: { modelName: 'organizations', fields: { createdAt: 'created_at' } },
  member: {
    modelName: 'members',
    fields: { organizationId: 'organization_id', userId: 'user_id', createdAt: 'created_at' },
  },
  invitation: {
    modelName: 'invitations',
    fields: {
      organizationId: 'organization_id',
      inviterId: 'inviter_id',
      expiresAt: 'expires_at',
      createdAt: 'created_at',
    },
    additionalFields: {
      tokenHash: { type: 'string', fieldName: 'token_hash', unique: true, required: true, returned: false },
    },
  },
} as const
