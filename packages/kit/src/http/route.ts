import type { Endpoint } from '@apex/protocol/endpoint'
import type { Context } from 'hono'
import type { z } from 'zod'
import { AppError, UnauthenticatedError } from '../app-error.ts'
import type { Identity } from '../identity.ts'
import type { Log } from '../log.ts'
import { clientAddressOf } from './client-address.ts'
import { type HttpApp, type HttpEnv, issuesOf } from './http-app.ts'
import { readJsonBody } from './read-body.ts'

/** A parsed request. `headers` are those of the answer, for cookies and the like. */
export type RouteRequest<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  params: z.output<P>
  query: z.output<Q>
  body: z.output<B>
  request: Request
  requestId: string
  clientAddress: string | undefined
  log: Log
  signal: AbortSignal
  headers: Headers
}

/** Answers with the response's value, or with a `Response` where the endpoint declares a raw one. */
type Handler<In, R extends z.ZodType> = (input: In) => Promise<z.input<R> | Response> | z.input<R> | Response

/** Binds an endpoint that asks for an access or delegation token; the handler gets the verified identity. */
export function route<S, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  app: HttpApp<S>,
  endpoint: Endpoint<P, Q, B, R>,
  handler: Handler<RouteRequest<P, Q, B> & { identity: Identity }, R>,
): void {
  expectAuth(endpoint, ['access', 'delegated', 'delegation'])
  bind(app, endpoint, async (context, parse) => {
    const identity = await identify(app, endpoint, context.req.raw)
    const { userId, organizationId, runId } = identity
    context.set('log', context.get('log').child({ userId, organizationId, ...(runId ? { runId } : {}) }))
    return handler({ ...(await parse()), identity })
  })
}

/** Binds an endpoint that asks for a session; the handler gets what the app's `findSession` found. */
export function sessionRoute<S, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  app: HttpApp<S>,
  endpoint: Endpoint<P, Q, B, R>,
  handler: Handler<RouteRequest<P, Q, B> & { session: S }, R>,
): void {
  expectAuth(endpoint, ['session'])
  bind(app, endpoint, async (context, parse) => {
    const { findSession } = app.options
    if (!findSession) throw new Error(`${endpoint.name} needs findSession`)
    const session = await findSession(context.req.raw)
    return handler({ ...(await parse()), session })
  })
}

/** Binds an endpoint that anybody may call. */
export function publicRoute<S, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  app: HttpApp<S>,
  endpoint: Endpoint<P, Q, B, R>,
  handler: Handler<RouteRequest<P, Q, B>, R>,
): void {
  expectAuth(endpoint, ['public'])
  bind(app, endpoint, async (_context, parse) => handler(await parse()))
}

type Answer = unknown
type Respond<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = (
  context: Context<HttpEnv>,
  parse: () => Promise<RouteRequest<P, Q, B>>,
) => Promise<Answer>

function expectAuth(endpoint: Endpoint, kinds: readonly Endpoint['auth'][]): void {
  if (kinds.includes(endpoint.auth)) return
  throw new Error(`${endpoint.name} asks for ${endpoint.auth}; bind it with the function for that`)
}

function bind<S, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  app: HttpApp<S>,
  endpoint: Endpoint<P, Q, B, R>,
  respond: Respond<P, Q, B>,
): void {
  app.hono.on(endpoint.method, endpoint.path, async (context) => {
    context.set('route', endpoint.path)
    const headers = new Headers()
    const answer = await respond(context, () => parseRequest(context, endpoint, headers))
    return render(app, endpoint, answer, headers)
  })
}

async function identify<S>(app: HttpApp<S>, endpoint: Endpoint, request: Request): Promise<Identity> {
  const { verifyToken } = app.options
  if (!verifyToken) throw new Error(`${endpoint.name} needs verifyToken`)
  const token = bearerToken(request.headers)
  if (!token) throw new UnauthenticatedError()
  const identity = await verifyToken(token)
  const isDelegation = identity.kind === 'delegation'
  if (endpoint.auth === 'access' && isDelegation) {
    throw new UnauthenticatedError('This address asks for a person, not for a run acting for one.')
  }
  if (endpoint.auth === 'delegation' && !isDelegation) {
    throw new UnauthenticatedError('This address is only for runs acting for a person.')
  }
  return identity
}

/** The credential of an `Authorization: Bearer` header. */
export function bearerToken(headers: Headers): string | undefined {
  return /^bearer ([^\s]+)$/i.exec(headers.get('authorization') ?? '')?.[1]
}

async function parseRequest<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  context: Context<HttpEnv>,
  endpoint: Endpoint<P, Q, B, R>,
  headers: Headers,
): Promise<RouteRequest<P, Q, B>> {
  const request = context.req.raw
  const body = endpoint.body && !endpoint.rawBody ? await readJsonBody(request, endpoint.maxBodyBytes) : undefined
  return {
    params: parsePart(endpoint.params, context.req.param(), 'params') as z.output<P>,
    query: parsePart(endpoint.query, queryOf(request), 'query') as z.output<Q>,
    body: (endpoint.rawBody ? undefined : parsePart(endpoint.body, body, 'body')) as z.output<B>,
    request,
    requestId: context.get('requestId'),
    clientAddress: clientAddressOf(request.headers),
    log: context.get('log'),
    signal: request.signal,
    headers,
  }
}

function queryOf(request: Request): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {}
  const params = new URL(request.url).searchParams
  for (const key of new Set(params.keys())) {
    const values = params.getAll(key)
    result[key] = values.length === 1 ? (values[0] ?? '') : values
  }
  return result
}

function parsePart(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  if (!schema) return undefined
  const outcome = schema.safeParse(value)
  if (outcome.success) return outcome.data
  const issues = issuesOf(outcome.error.issues, part)
  const detail = issues
    .map((issue) => `${issue.path}: ${issue.message}`)
    .slice(0, 5)
    .join('; ')
  throw new AppError('invalid_request', `The ${part} of the request is not valid. ${detail}`, { issues })
}

function render<S>(app: HttpApp<S>, endpoint: Endpoint, answer: unknown, headers: Headers): Response {
  if (answer instanceof Response) return withHeaders(answer, headers)
  const status = endpoint.status ?? 200
  if (status === 204) return new Response(null, { status, headers })
  headers.set('content-type', 'application/json')
  return new Response(JSON.stringify(checkAnswer(app, endpoint, answer)), { status, headers })
}

function checkAnswer<S>(app: HttpApp<S>, endpoint: Endpoint, answer: unknown): unknown {
  if (app.options.responses === 'trust') return answer
  const outcome = endpoint.response.safeParse(answer)
  if (outcome.success) return outcome.data
  const faults = issuesOf(outcome.error.issues, 'response').map((issue) => `${issue.path}: ${issue.message}`)
  throw new Error(`${endpoint.name} answered against its own schema: ${faults.join('; ')}`)
}

function withHeaders(response: Response, headers: Headers): Response {
  const merged = new Headers(response.headers)
  for (const [name, value] of headers) merged.append(name, value)
  return new Response(response.body, { status: response.status, headers: merged })
}
