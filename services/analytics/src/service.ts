import { UnavailableError } from '@apex/kit/app-error'
import { type Clock, systemClock } from '@apex/kit/clock'
import { createHttpApp } from '@apex/kit/http/http-app'
import { problemResponse } from '@apex/kit/http/problem'
import { newId } from '@apex/kit/id'
import type { Log } from '@apex/kit/log'
import type { Metrics } from '@apex/kit/metrics'
import { migrate } from '@apex/kit/migrate'
import { registerPoolGauges } from '@apex/kit/pool-meter'
import { PoolShare } from '@apex/kit/pool-share'
import { connectPostgres } from '@apex/kit/postgres'
import { type RevokedSession, RevokedSessions } from '@apex/kit/revoked-sessions'
import type { Fetch, Service } from '@apex/kit/service'
import { createTokenVerifier, type TokenVerifier } from '@apex/kit/token'
import type { Sql } from 'postgres'
import { ANSWERS } from './answers.ts'
import { Claims } from './claims/claims.ts'
import type { AnalyticsConfig } from './config.ts'
import { createAnalyticsEvents } from './events.ts'
import type { AnalyticsTools } from './http/analytics-tools.ts'
import { addCallRoutes } from './http/call-routes.ts'
import { addClaimRoutes } from './http/claim-routes.ts'
import { addImportRoutes } from './http/import-routes.ts'
import { OpenUploads } from './http/open-uploads.ts'
import { addPriceRoutes } from './http/price-routes.ts'
import { addQuestionRoutes } from './http/question-routes.ts'
import { Imports } from './ingest/imports.ts'
import { Slots } from './ingest/slots.ts'
import { loadPriceBook } from './price-book/load-price-book.ts'
import type { PriceBook } from './price-book/price-book.ts'
import { createAsk } from './query/ask.ts'
import { CallTable } from './store/call-table.ts'
import { runSweeps } from './sweeper.ts'
import { revokedSource, trustedIssuers } from './trusted-issuers.ts'
import { Batches } from './versions/batches.ts'

export type AnalyticsDeps = {
  /** Reaches the auth service and the chat service, for the keys their tokens are signed with. */
  authFetch: Fetch
  chatFetch: Fetch
  log: Log
  metrics: Metrics
  clock?: Clock
  /** Calls back with each session that ends, from now on; without it the auth service is asked each second. */
  onSessionRevoked?: (listener: (revoked: RevokedSession) => void) => () => void
}

const schema = 'analytics'
const migrations = new URL('../db/migrations/', import.meta.url)
// A question waits behind the others of its person, who may ask many at once on behalf of a run.
const QUESTIONS = { max: 16, fraction: 0.25, maxWaitMs: 20_000 }

type Base = {
  config: AnalyticsConfig
  deps: AnalyticsDeps
  log: Log
  clock: Clock
  sql: Sql
  calls: CallTable
  book: PriceBook
}

/** The calls of organisations, what they cost and what would cost less; it connects, migrates and serves from `start()`. */
export function createAnalyticsService(config: AnalyticsConfig, deps: AnalyticsDeps): Service {
  const log = deps.log.child({ part: 'analytics' })
  const clock = deps.clock ?? systemClock
  const owned = new AsyncDisposableStack()
  let running: AnalyticsTools | undefined

  async function connect(): Promise<Base> {
    const { databaseUrl: url, poolSize: max } = config
    const postgres = owned.use(await connectPostgres({ url, schema, applicationName: 'apex-analytics', max }))
    const applied = await migrate(postgres.sql, { directory: migrations, schema })
    if (applied.length > 0) log.info({ applied }, 'database migrated')
    registerPoolGauges(deps.metrics, 'analytics', postgres.stats)
    const { clickhouseUrl, clickhouseDatabase: database, statementTimeoutMs } = config
    const calls = owned.use(new CallTable({ url: clickhouseUrl, database, statementTimeoutMs }))
    await calls.create()
    return { config, deps, log, clock, sql: postgres.sql, calls, book: await loadPriceBook() }
  }

  const notReady = () => new UnavailableError('Costs are not available yet: the service is starting.')

  return {
    name: 'analytics',
    async start() {
      const base = await connect()
      const tools = assemble(base, createVerifier(base, owned))
      // What another process left unfinished is ended before the first question, so that nothing seems to run.
      await tools.batches.sweep()
      owned.defer(background((signal) => runSweeps(tools, signal)))
      owned.defer(() => tools.uploads.close())
      running = tools
    },
    fetch: async (request) => (running ? running.app.fetch(request) : problemResponse(notReady(), newId())),
    async ready() {
      if (!running) throw notReady()
      const { calls, sql } = running
      await Promise.all([sql`select 1 as one`, calls.ready()])
    },
    async [Symbol.asyncDispose]() {
      running = undefined
      await owned.disposeAsync()
    },
  }
}

function assemble({ config, deps, log, clock, sql, calls, book }: Base, verifier: TokenVerifier): AnalyticsTools {
  const { metrics } = deps
  const { poolSize, imports: limits } = config
  const batches = new Batches({ sql, clock, log, deleteRows: (key) => calls.deleteBatch(key) })
  const slots = new Slots({ total: limits.atOnce, perOrganization: limits.atOncePerOrganization })
  const imports = new Imports({ sql, calls, batches, book, slots, clock, log, maxBytes: limits.maxBytes })
  const ask = createAsk({ calls, batches, book, answers: ANSWERS })
  const claims = new Claims({ sql, ask, batches, priceVersion: book.version, clock })
  const tools: AnalyticsTools = {
    app: createHttpApp({ service: 'analytics', log, metrics, verifyToken: (token) => verifier.verify(token) }),
    sql,
    calls,
    batches,
    book,
    ask,
    imports,
    claims,
    uploads: new OpenUploads(),
    events: createAnalyticsEvents({ log, metrics }),
    clock,
    questions: new PoolShare(QUESTIONS),
    share: new PoolShare({ max: poolSize }),
  }
  addQuestionRoutes(tools)
  addImportRoutes(tools)
  addCallRoutes(tools)
  addPriceRoutes(tools)
  addClaimRoutes(tools)
  return tools
}

function createVerifier({ config, deps, clock, log }: Base, owned: AsyncDisposableStack): TokenVerifier {
  const revoked = new RevokedSessions({ clock })
  const sources = { ...config, ...deps }
  if (deps.onSessionRevoked) owned.defer(deps.onSessionRevoked((session) => revoked.add(session)))
  else owned.defer(background((signal) => revoked.follow(revokedSource(sources), { signal, log })))
  return createTokenVerifier({ issuers: trustedIssuers(sources), revoked, clock })
}

/** Starts work that runs until the returned function is called, which waits for its end. */
function background(work: (signal: AbortSignal) => Promise<void>): () => Promise<void> {
  const stop = new AbortController()
  const ended = work(stop.signal)
  return async () => {
    stop.abort()
    await ended
  }
}
