import { UnavailableError } from '@apex/kit/app-error'
import { type Clock, systemClock } from '@apex/kit/clock'
import { createHttpApp } from '@apex/kit/http/http-app'
import type { Log } from '@apex/kit/log'
import type { Metrics } from '@apex/kit/metrics'
import { migrate } from '@apex/kit/migrate'
import { registerPoolGauges } from '@apex/kit/pool-meter'
import { connectPostgres } from '@apex/kit/postgres'
import type { Service } from '@apex/kit/service'
import { createSigningKeyStore } from '@apex/kit/signing-key-store'
import { createTokenSigner } from '@apex/kit/token-signer'
import type { Pool } from 'pg'
import type { Sql } from 'postgres'
import { AccountStore } from './accounts/account-store.ts'
import { ensureOwner, type NewOwner, type OwnerOptions } from './accounts/owner.ts'
import { PasswordHasher } from './accounts/password-hasher.ts'
import { SignIn } from './accounts/sign-in.ts'
import { createBetterAuth } from './better-auth.ts'
import type { AuthConfig } from './config.ts'
import { createAuthEvents } from './events.ts'
import { createFindSession } from './http/find-session.ts'
import { addInternalRoutes } from './http/internal-routes.ts'
import { addKeyRoutes } from './http/key-routes.ts'
import { addOrganizationRoutes } from './http/organization-routes.ts'
import { addSessionRoutes } from './http/session-routes.ts'
import { addSignInRoutes } from './http/sign-in-routes.ts'
import { InvitationStore } from './invitations/invitation-store.ts'
import { Invitations } from './invitations/invitations.ts'
import { createLibraryPool } from './library-pool.ts'
import { runMaintenance } from './maintenance.ts'
import { OrganizationStore } from './organizations/organization-store.ts'
import { RevocationFeed, type RevocationListener } from './revocations/revocation-feed.ts'
import { RevocationStore } from './revocations/revocation-store.ts'
import { createBeforeSession } from './sessions/session-draft.ts'
import { SessionStore } from './sessions/session-store.ts'
import { Sessions } from './sessions/sessions.ts'
import { AttemptStore } from './throttle/attempt-store.ts'
import { SignInThrottle } from './throttle/sign-in-throttle.ts'

export type AuthDependencies = { log: Log; metrics: Metrics; clock?: Clock }

/** Accounts, sessions, organisations and the keys that sign access tokens. */
export type AuthService = Service & {
  /** Creates the first account when there is none, and answers it with its password; null when there is one. */
  ensureOwner(options?: OwnerOptions): Promise<NewOwner | null>
  /** Calls `listener` within a second of any session's end, before a sign-out is answered; returns how to stop that. */
  onSessionRevoked(listener: RevocationListener): () => void
}

const schema = 'auth'
const migrations = new URL('../db/migrations/', import.meta.url)
// Longer than an access token lives anywhere, leeway included.
const keepRevocationsMs = 600_000

/** Creates the service; it connects, migrates and serves from `start()` until it is disposed. */
export function createAuthService(
  config: AuthConfig,
  { log: rootLog, metrics, clock = systemClock }: AuthDependencies,
): AuthService {
  const log = rootLog.child({ part: 'auth' })
  const resources = new AsyncDisposableStack()
  const stop = new AbortController()
  const listeners = new Set<RevocationListener>()
  let running: Awaited<ReturnType<typeof connect>> | undefined

  async function connect() {
    const postgres = resources.use(
      await connectPostgres({ url: config.databaseUrl, schema, applicationName: 'apex-auth', max: 8 }),
    )
    const applied = await migrate(postgres.sql, { directory: migrations, schema })
    if (applied.length > 0) log.info({ applied }, 'database migrated')
    registerPoolGauges(metrics, 'auth', postgres.stats)
    const pool = createLibraryPool({ url: config.databaseUrl, schema, max: 5, log })
    resources.defer(() => pool.end())
    return assemble({ config, sql: postgres.sql, pool, log, metrics, clock })
  }

  function parts(): NonNullable<typeof running> {
    if (!running) throw new UnavailableError('Accounts are not available yet: the service is starting.')
    return running
  }

  async function begin(): Promise<void> {
    const made = await connect()
    // Makes the first key, and fails now rather than at the first sign-in when keys were sealed under another secret.
    await made.signer.jwks()
    running = made
    running.feed.subscribe((revoked) => {
      for (const listener of listeners) listener(revoked)
    })
    const tasks = [running.feed.follow(stop.signal), runMaintenance(running.maintenance, stop.signal)]
    resources.defer(async () => {
      stop.abort()
      await Promise.allSettled(tasks)
    })
  }

  return {
    name: 'auth',
    start: begin,
    fetch: async (request) => parts().app.fetch(request),
    ready: async () => void (await parts().sql`select 1 as one`),
    ensureOwner: (options = {}) => ensureOwner(parts().owner, options),
    onSessionRevoked(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

type Assembly = { config: AuthConfig; sql: Sql; pool: Pool; log: Log; metrics: Metrics; clock: Clock }

function assemble({ config, sql, pool, log, metrics, clock }: Assembly) {
  const {
    publicOrigins,
    secret,
    session: { idleMs, absoluteMs, maxPerUser },
  } = config
  const accounts = new AccountStore(sql)
  const organizations = new OrganizationStore(sql)
  const store = new SessionStore(sql)
  const attempts = new AttemptStore(sql)
  const revocations = new RevocationStore(sql, { keepMs: keepRevocationsMs })
  const feed = new RevocationFeed({ store: revocations, clock, log })
  const passwords = new PasswordHasher()
  const throttle = new SignInThrottle(attempts, clock)
  const beforeSession = createBeforeSession({ sessions: store, organizations })
  const auth = createBetterAuth({ pool, secret, log, idleMs, passwords, beforeSession })
  const sessions = new Sessions({ auth, store, organizations, revocations: feed, clock, absoluteMs, maxPerUser })
  const signIn = new SignIn({ auth, accounts, sessions, passwords, throttle })
  const invitationStore = new InvitationStore(sql)
  const invitations = new Invitations({
    store: invitationStore,
    accounts,
    organizations,
    passwords,
    signIn,
    throttle,
    clock,
  })
  const signer = createTokenSigner({
    issuer: config.token.issuer,
    typ: 'at+jwt',
    keys: createSigningKeyStore(sql, { secret }),
    clock,
  })
  const events = createAuthEvents({ log, metrics })
  const app = createHttpApp({
    service: 'auth',
    log,
    metrics,
    findSession: createFindSession({ sessions, publicOrigins }),
  })
  const openFor = async (userId: string) => (await auth.$context).internalAdapter.createSession(userId)
  addSignInRoutes(app, { signIn, sessions, invitations, openFor, events, publicOrigins, absoluteMs })
  addSessionRoutes(app, { sessions, signer, events, audiences: config.token.audiences, absoluteMs })
  addOrganizationRoutes(app, { organizations, invitations, events })
  addKeyRoutes(app, { signer, events })
  addInternalRoutes(app, { revocations: feed, internalSecret: config.internalSecret })
  const maintenance = { sessions: store, revocations, attempts, absoluteMs, clock, log }
  return { app, sql, feed, signer, maintenance, owner: { accounts, organizations, passwords } }
}
