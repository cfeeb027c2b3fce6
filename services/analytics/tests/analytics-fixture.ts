import { createMetrics } from '@apex/kit/metrics'
import type { RevokedSession } from '@apex/kit/revoked-sessions'
import { captureLog } from '@apex/kit/testing/capture-log'
import { testClickhouse } from '@apex/kit/testing/test-clickhouse'
import { testDatabase } from '@apex/kit/testing/test-database'
import { type TestIdentity, testTokens } from '@apex/kit/testing/test-tokens'
import type { Endpoint } from '@apex/protocol/endpoint'
import { AskQuestion } from '@apex/protocol/endpoints/analytics/ask-question'
import { CreateImport } from '@apex/protocol/endpoints/analytics/create-import'
import { Problem } from '@apex/protocol/error'
import type { Answer, Question } from '@apex/protocol/question'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import type { AnalyticsConfig } from '../src/config.ts'
import { createAnalyticsService } from '../src/service.ts'

export const migrations = new URL('../db/migrations/', import.meta.url)

export type Caller = TestIdentity
type Content = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
export type SendOptions = {
  as?: Caller
  /** The caller is a run of this id that works for the person. */
  run?: string
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  raw?: Content
  signal?: AbortSignal
}

export type Analytics = Awaited<ReturnType<typeof startAnalytics>>

/** The whole service on stores of its own, spoken to through `fetch` alone; `await using` ends it. */
export async function startAnalytics(overrides: Partial<AnalyticsConfig> = {}) {
  const database = await testDatabase({ migrations, schema: 'analytics' })
  const clickhouse = await testClickhouse()
  const config: AnalyticsConfig = {
    databaseUrl: database.url,
    clickhouseUrl: clickhouse.url,
    clickhouseDatabase: clickhouse.database,
    poolSize: 12,
    statementTimeoutMs: 20_000,
    imports: { atOnce: 4, atOncePerOrganization: 3, maxBytes: 1_000_000_000 },
    ...overrides,
  }
  const people = testTokens({ audience: 'apex-analytics' })
  const runs = testTokens({ audience: 'apex-analytics', typ: 'delegation+jwt' })
  const { log, lines } = captureLog()
  const listeners = new Set<(revoked: RevokedSession) => void>()
  const keysOf = (path: string, jwks: () => Promise<unknown>) => async (request: Request) =>
    new URL(request.url).pathname === path ? Response.json(await jwks()) : new Response('no', { status: 404 })
  const start = async () => {
    const service = createAnalyticsService(config, {
      authFetch: keysOf('/api/v1/auth/jwks.json', people.jwksFetch),
      chatFetch: keysOf('/internal/chat/jwks.json', runs.jwksFetch),
      onSessionRevoked: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      log,
      metrics: createMetrics(),
    })
    await service.start()
    return service
  }
  let service = await start()

  async function send(endpoint: Endpoint, options: SendOptions = {}): Promise<Response> {
    const { as = {}, run, params = {}, query, body, raw, signal } = options
    const path = endpoint.path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''))
    const url = `http://analytics.test${path}${query ? `?${new URLSearchParams(query).toString()}` : ''}`
    const headers = new Headers(await (run ? runs.headers({ ...as, runId: run }) : people.headers(as)))
    if (body !== undefined) headers.set('content-type', 'application/json')
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    return service.fetch(
      new Request(url, {
        method: endpoint.method,
        headers,
        ...(content === undefined ? {} : { body: content, duplex: 'half' }),
        ...(signal ? { signal } : {}),
      }),
    )
  }

  /** The parsed answer of a call that succeeds. */
  async function call<R extends z.ZodType>(
    endpoint: Endpoint<z.ZodType, z.ZodType, z.ZodType, R>,
    options: SendOptions = {},
  ): Promise<z.output<R>> {
    const response = await send(endpoint, options)
    const answer: unknown = await response.json()
    if (!response.ok) throw new Error(`${endpoint.name} answered ${response.status}: ${why(answer)}`)
    return endpoint.response.parse(answer)
  }

  // What failed inside is only in the log.
  function why(answer: unknown): string {
    const logged = lines.findLast((line) => line.level === 'error')
    return JSON.stringify(isInternal(answer) ? (logged ?? answer) : answer)
  }

  /** The problem of a call that is refused. */
  async function refusal(endpoint: Endpoint, options: SendOptions = {}): Promise<Problem> {
    const response = await send(endpoint, options)
    if (response.ok) throw new Error(`${endpoint.name} was not refused: ${await response.text()}`)
    return Problem.parse(await response.json())
  }

  async function importFile(
    organizationId: string,
    raw: Content,
    query: Record<string, string> = {},
    importId: string = uuidv7(),
  ) {
    const answer = await call(CreateImport, { as: { organizationId }, params: { importId }, query, raw })
    return answer.import
  }

  async function ask(
    organizationId: string,
    question: Question['question'],
    params: Record<string, unknown> = {},
  ): Promise<Answer> {
    return call(AskQuestion, { as: { organizationId }, body: { question, params } })
  }

  return {
    config,
    sql: database.sql,
    clickhouse: clickhouse.client,
    lines,
    fetch: (request: Request) => service.fetch(request),
    authorization: async (as: Caller) => (await people.headers(as)).authorization,
    ready: () => service.ready(),
    send,
    call,
    refusal,
    importFile,
    ask,
    revoke: (sessionId: string) => {
      for (const listener of listeners) listener({ sessionId, untilMs: Date.now() + 60_000 })
    },
    /** Ends the service in order and starts it again on the same stores. */
    async restart() {
      await service[Symbol.asyncDispose]()
      service = await start()
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

function isInternal(answer: unknown): boolean {
  return Problem.safeParse(answer).data?.code === 'internal'
}

/** The value of a figure as exact text; undefined when the answer has none of that name. */
export function figure(answer: Answer, key: string): string | undefined {
  return answer.figures.find((each) => each.key === key)?.value
}

/** Rows of the generic CSV: one gpt-4o call a second. */
export function csv(rows: readonly string[]): string {
  return ['timestamp,model,input_tokens,output_tokens', ...rows].join('\n')
}

export function row(second: number, input = 100, model = 'gpt-4o'): string {
  return `2026-06-01T00:00:${String(second).padStart(2, '0')}Z,${model},${input},10`
}
