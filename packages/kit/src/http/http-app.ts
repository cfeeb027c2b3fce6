import type { Issue } from '@apex/protocol/error'
import { Hono } from 'hono'
import { AppError, NotFoundError } from '../app-error.ts'
import { correlationIdFrom, runWithCorrelation } from '../correlation.ts'
import type { Identity } from '../identity.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { requestHistogram } from './http-metrics.ts'
import { problemResponse, toAppError } from './problem.ts'

/** What travels with a request inside the app; `log` gains fields once the caller is known. */
export type HttpEnv = { Variables: { requestId: string; log: Log; route: string } }

export type HttpAppOptions<Session> = {
  service: string
  log: Log
  metrics: Metrics
  /** Turns a bearer token into an identity or throws; needed for endpoints that ask for an access token. */
  verifyToken?: (token: string) => Promise<Identity>
  /** Finds the caller's session or throws; needed for endpoints that ask for a session. */
  findSession?: (request: Request) => Promise<Session>
  /** `check` parses every answer with its schema and answers `internal` on a mismatch; `trust` sends it as it is. */
  responses?: 'check' | 'trust'
}

/** The HTTP face of one service: a router with logging, metrics, correlation and the one error model built in. */
export type HttpApp<Session = never> = {
  readonly options: HttpAppOptions<Session>
  /** For the few addresses that are not endpoints of the protocol, such as /metrics. */
  readonly hono: Hono<HttpEnv>
  fetch(request: Request): Promise<Response>
}

/** Creates the router of a service; endpoints are added with `route`, `publicRoute` and `sessionRoute`. */
export function createHttpApp<Session = never>(options: HttpAppOptions<Session>): HttpApp<Session> {
  const hono = new Hono<HttpEnv>()
  const durations = requestHistogram(options.metrics)
  hono.use(async (context, next) => {
    const requestId = correlationIdFrom(context.req.raw.headers)
    const startedAt = performance.now()
    context.set('requestId', requestId)
    context.set('log', options.log)
    context.set('route', 'none')
    await runWithCorrelation(requestId, next)
    context.res.headers.set('x-request-id', requestId)
    if (!context.res.headers.has('cache-control')) context.res.headers.set('cache-control', 'no-store')
    context.res.headers.set('x-content-type-options', 'nosniff')
    const seconds = (performance.now() - startedAt) / 1_000
    const labels = { method: context.req.method, route: context.get('route'), status: context.res.status }
    durations.observe({ service: options.service, ...labels }, seconds)
    if (!context.error) {
      const fields = { requestId, ...labels, durationMs: Math.round(seconds * 1_000) }
      context.get('log').info(fields, 'request')
    }
  })
  hono.onError((thrown, context) => {
    const error = toAppError(thrown)
    const requestId = context.get('requestId')
    const fields = {
      requestId,
      method: context.req.method,
      route: context.get('route'),
      status: error.status,
      code: error.code,
    }
    if (error.code === 'internal') context.get('log').error({ ...fields, error: thrown }, 'request failed')
    else context.get('log').warn({ ...fields, reason: error.message, error: error.cause }, 'request refused')
    return problemResponse(error, requestId)
  })
  hono.notFound((context) => {
    const allowed = allowedMethods(hono, context.req.path)
    if (allowed.length === 0) throw new NotFoundError('address')
    throw new AppError('method_not_allowed', `${context.req.method} is not offered here; use ${allowed.join(' or ')}.`)
  })
  return { options, hono, fetch: async (request) => hono.fetch(request) }
}

/** Schema problems as the wire names them. */
export function issuesOf(issues: readonly { path: PropertyKey[]; message: string }[], root: string): Issue[] {
  return issues.slice(0, 50).map(({ path, message }) => ({ path: [root, ...path.map(String)].join('.'), message }))
}

function allowedMethods(hono: Hono<HttpEnv>, path: string): string[] {
  const methods = hono.routes
    .filter((each) => each.method !== 'ALL' && pathMatches(each.path, path))
    .map((each) => each.method)
  return [...new Set(methods)].sort()
}

function pathMatches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith(':') || part === given[index])
}
