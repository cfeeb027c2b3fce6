import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { UnavailableError } from '@apex/kit/app-error'
import { type Clock, systemClock } from '@apex/kit/clock'
import { problemResponse } from '@apex/kit/http/problem'
import type { Jwks } from '@apex/kit/jwks-cache'
import type { Log } from '@apex/kit/log'
import type { Metrics } from '@apex/kit/metrics'
import { migrate } from '@apex/kit/migrate'
import { registerPoolGauges } from '@apex/kit/pool-meter'
import { PoolShare } from '@apex/kit/pool-share'
import { connectPostgres } from '@apex/kit/postgres'
import { type RevokedSession, RevokedSessions } from '@apex/kit/revoked-sessions'
import type { Fetch, Service } from '@apex/kit/service'
import { createSigningKeyStore } from '@apex/kit/signing-key-store'
import { createTokenVerifier } from '@apex/kit/token'
import { createTokenSigner, type TokenSigner } from '@apex/kit/token-signer'
import { GetJwks } from '@apex/protocol/endpoints/auth/jwks'
import type { Sql } from 'postgres'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { conductRun } from './agents/conduct-run.ts'
import { agentInfos } from './agents/registry.ts'
import { CHAT_AUDIENCE, type ChatConfig, DELEGATION_AUDIENCE, DELEGATION_ISSUER } from './config.ts'
import { type ChatEvents, createChatEvents } from './events.ts'
import { createChatHttp } from './http/chat-http.ts'
import { isOffline, type LanguageModel } from './models/language-model.ts'
import { createOfflineAnalyst } from './models/offline-analyst/offline-analyst.ts'
import { ActiveRuns } from './runs/active-runs.ts'
import { deleteOldCommands } from './runs/command-store.ts'
import { createCrashPoint } from './runs/crash-point.ts'
import { createDbosEngine } from './runs/dbos-engine.ts'
import { createDelegation } from './runs/delegation.ts'
import type { RunRef } from './runs/engine.ts'
import { forgetEndedRuns } from './runs/forget-ended.ts'
import type { Journal } from './runs/journal.ts'
import { retireNode } from './runs/node-store.ts'
import { RunEnding } from './runs/run-ending.ts'
import { RunQueue } from './runs/run-queue.ts'
import { type Conductor, RunWorker } from './runs/run-worker.ts'
import { Sweeper } from './runs/sweeper.ts'
import { HeadPoll } from './threads/head-poll.ts'
import { ThreadLog } from './threads/thread-log.ts'
import { Threads } from './threads/threads.ts'
import { createWake, type Wake } from './threads/wake.ts'
import { createAnalyticsOverHttp } from './tools/analytics-over-http.ts'
import { refuseUpgrade } from './ws/refuse-upgrade.ts'
import { SOCKET_LIMITS } from './ws/socket-limits.ts'
import { SocketServer } from './ws/socket-server.ts'
import { ThreadFeeds } from './ws/thread-feeds.ts'
import { Tickets } from './ws/tickets.ts'

export type ChatDeps = {
  /** Reaches the auth service, for its public keys. */
  authFetch: Fetch
  /** Reaches the analytics service, on behalf of runs. */
  analyticsFetch: Fetch
  log: Log
  metrics: Metrics
  clock?: Clock
  /** Calls back with each session that ends, from now on; without it the auth service is asked each second. */
  onSessionRevoked?: (listener: (revoked: RevokedSession) => void) => () => void
  /** Who answers; the offline analyst unless given. */
  model?: LanguageModel
  /** Answers runs in place of the agents: for tests of everything around them. */
  conduct?: Conductor
}

/** The chat service: threads, sockets, runs and agents over one Postgres schema. One per process, as its engine is. */
export function createChatService(config: ChatConfig, deps: ChatDeps): Service {
  let running: Running | undefined
  let starting: Promise<Running> | undefined
  const notReady = () => new UnavailableError('The chat service is not ready. Try again in a moment.')
  return {
    name: 'chat',
    fetch: async (request) => (running ? running.fetch(request) : problemResponse(notReady(), uuidv7())),
    upgrade: (request, socket, head) => {
      if (running) running.upgrade(request, socket, head)
      else refuseUpgrade(socket, notReady())
    },
    async start() {
      starting ??= startChat(config, deps)
      running = await starting
    },
    async ready() {
      if (!running) throw notReady()
      await running.ready()
    },
    async [Symbol.asyncDispose]() {
      const started = await starting?.catch(() => undefined)
      running = undefined
      await started?.[Symbol.asyncDispose]()
    },
  }
}

type Running = AsyncDisposable & {
  fetch: Fetch
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  ready: () => Promise<void>
}

/** How long runs at work may take to finish their step when the process stops in order, and to let go after that. */
const DRAIN_MS = 2_000
const LET_GO_MS = 1_000

async function startChat(config: ChatConfig, deps: ChatDeps): Promise<Running> {
  const owned = new AsyncDisposableStack()
  try {
    return await assemble(config, deps, owned)
  } catch (error) {
    await owned.disposeAsync()
    throw error
  }
}

/** What most parts are made of. */
type Base = {
  config: ChatConfig
  deps: ChatDeps
  clock: Clock
  sql: Sql
  wake: Wake
  events: ChatEvents
  journal: Journal
  threadLog: ThreadLog
  signer: TokenSigner
  model: LanguageModel
}

async function assemble(config: ChatConfig, deps: ChatDeps, owned: AsyncDisposableStack): Promise<Running> {
  const { clock = systemClock, log, metrics, model = createOfflineAnalyst() } = deps
  const max = config.poolSize
  const postgres = owned.use(
    await connectPostgres({ url: config.databaseUrl, schema: 'chat', applicationName: 'apex-chat', max }),
  )
  const { sql, stats } = postgres
  await migrate(sql, { directory: new URL('../db/migrations/', import.meta.url), schema: 'chat' })
  registerPoolGauges(metrics, 'chat', stats)
  const wake = createWake()
  const threadLog = new ThreadLog(sql, wake, clock)
  const keys = createSigningKeyStore(sql, { secret: config.secret })
  const signer = createTokenSigner({ issuer: DELEGATION_ISSUER, typ: 'delegation+jwt', keys, clock })
  const events = createChatEvents(log, metrics)
  const base: Base = { config, deps, clock, sql, wake, events, journal: threadLog, threadLog, signer, model }
  const poll = owned.use(new HeadPoll({ sql, wake, clock, log }))
  poll.start()
  const { revoked, verifyToken } = createVerifier(base, owned)
  const tickets = new Tickets({ sql, clock, revoked })
  const chores = [() => tickets.forgetExpired(), () => deleteOldCommands(sql)]
  const { ending, queue, threads } = await startRuns(base, chores, owned)
  const sockets = owned.use(createSockets(base, { revoked, threads, tickets, verifyToken }))
  const agents = { infos: agentInfos(), model: answeringModel(model) }
  const share = new PoolShare({ max })
  const jwks = () => signer.jwks()
  const given = { log, metrics, clock, events, sql, share, journal: threadLog, threadLog, threads, queue, ending }
  const http = createChatHttp({ ...given, tickets, agents, verifyToken, jwks })
  return {
    fetch: (request) => http.fetch(request),
    upgrade: (request, socket, head) => sockets.upgrade(request, socket, head),
    ready: async () => void (await sql`select 1`),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function startRuns(base: Base, chores: readonly (() => Promise<void>)[], owned: AsyncDisposableStack) {
  const { clock, config, deps, events, journal, model, sql, wake } = base
  const { crash, databaseUrl, nodeId: executorId, runs } = config
  const { log } = deps
  owned.defer(() => retireNode(sql, executorId).catch(() => undefined))
  const engine = owned.use(createDbosEngine({ databaseUrl, executorId, applicationVersion: RUNS_VERSION, log }))
  const active = new ActiveRuns()
  owned.defer(async () => {
    await active.idle(DRAIN_MS)
    await active.close(LET_GO_MS)
  })
  const begin = (run: RunRef) => {
    engine.begin(run).catch((error: unknown) => events.sweepFailed({ error }))
  }
  const queue = new RunQueue({ clock, model: answeringModel(model), ...runs, onStarted: begin })
  const ending = new RunEnding({ clock, queue, events, onEnded: (runId) => active.abort(runId) })
  const threads = new Threads({ sql, journal, ending, wake })
  const crashPoint = createCrashPoint(crash)
  const conduct = deps.conduct ?? createConductor(base)
  const history = threads.history.bind(threads)
  const worker = new RunWorker({ sql, journal, engine, active, ending, crashPoint, clock, events, conduct, history })
  await engine.start((run) => worker.execute(run))
  const { runningPerUser } = runs
  const given = { sql, journal, engine, active, queue, ending, clock, events, executorId, runningPerUser }
  const sweeper = owned.use(new Sweeper({ ...given, chores: [...chores, () => forgetEndedRuns(engine, sql)] }))
  sweeper.start()
  return { queue, ending, threads }
}

/** Raised when runs begun under the version before must not be replayed by this one. */
const RUNS_VERSION = '1'

function createConductor({ clock, config, deps, model, signer }: Base): Conductor {
  const { analyticsFetch, log } = deps
  const baseUrl = config.analyticsUrl ?? 'http://analytics.internal'
  return (context, { role }) => {
    const { organizationId, runId, userId } = context.facts
    const authorize = createDelegation(
      { signer, audience: DELEGATION_AUDIENCE, clock },
      { runId, organizationId, userId, role },
    )
    const analytics = createAnalyticsOverHttp({ baseUrl, fetch: analyticsFetch, authorize })
    return conductRun(context, { analytics, model, log, clock })
  }
}

function createVerifier(base: Base, owned: AsyncDisposableStack) {
  const { clock, deps } = base
  const revoked = new RevokedSessions({ clock })
  if (deps.onSessionRevoked) owned.defer(deps.onSessionRevoked((session) => revoked.add(session)))
  else followRevoked(base, revoked, owned)
  const jwksFetch = async () => (await askAuth(base, GetJwks.path)) as Jwks
  const issuers = [{ issuer: 'apex-auth', typ: 'at+jwt', audience: CHAT_AUDIENCE, jwksFetch } as const]
  const verifier = createTokenVerifier({ issuers, revoked, clock })
  return { revoked, verifyToken: (token: string) => verifier.verify(token) }
}

/** Asks the auth service each second which sessions have ended; only where it cannot say so by itself. */
function followRevoked(base: Base, revoked: RevokedSessions, owned: AsyncDisposableStack): void {
  const stop = new AbortController()
  const source = async (cursor: string) =>
    RevokedPage.parse(await askAuth(base, `/internal/auth/revoked?since=${encodeURIComponent(cursor)}`))
  const following = revoked.follow(source, { signal: stop.signal, log: base.deps.log })
  owned.defer(async () => {
    stop.abort()
    await following
  })
}

const RevokedPage = z.object({
  revoked: z.array(z.object({ sessionId: z.string(), untilMs: z.number() })),
  cursor: z.string(),
})

async function askAuth({ config, deps }: Base, path: string): Promise<unknown> {
  const { authUrl = 'http://auth.internal', internalSecret } = config
  const headers = internalSecret ? { authorization: `Bearer ${internalSecret}` } : {}
  const response = await deps.authFetch(new Request(`${authUrl}${path}`, { headers }))
  if (!response.ok) throw new UnavailableError(`The auth service answered ${response.status}.`)
  return response.json()
}

type SocketParts = Pick<ConstructorParameters<typeof SocketServer>[0], 'revoked' | 'tickets' | 'verifyToken'> & {
  threads: Threads
}

function createSockets(
  { clock, config, deps, events, threadLog, wake }: Base,
  { threads, ...parts }: SocketParts,
): SocketServer {
  const { log } = deps
  const feeds = new ThreadFeeds({ wake, log, read: (thread, after, limit) => threadLog.after(thread, after, limit) })
  return new SocketServer({
    ...parts,
    limits: { ...SOCKET_LIMITS, ...config.socketLimits },
    random: Math.random,
    feeds,
    wake,
    findThread: (user, threadId) => threads.peek(user, threadId),
    clock,
    origins: config.origins,
    events,
    log,
  })
}

function answeringModel(model: LanguageModel): { model: string; offline: boolean } {
  return { model: model.modelId, offline: isOffline(model) }
}
