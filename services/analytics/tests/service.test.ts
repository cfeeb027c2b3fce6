import { waitFor } from '@apex/kit/testing/wait-for'
import { ENDPOINTS } from '@apex/protocol/endpoints'
import { AddCalls } from '@apex/protocol/endpoints/analytics/add-calls'
import { AskQuestion } from '@apex/protocol/endpoints/analytics/ask-question'
import { CreateImport } from '@apex/protocol/endpoints/analytics/create-import'
import { GetImport } from '@apex/protocol/endpoints/analytics/get-import'
import { GetRejects } from '@apex/protocol/endpoints/analytics/get-rejects'
import { ListClaims } from '@apex/protocol/endpoints/analytics/list-claims'
import { ListImports } from '@apex/protocol/endpoints/analytics/list-imports'
import { ListPrices } from '@apex/protocol/endpoints/analytics/list-prices'
import { LoadSample } from '@apex/protocol/endpoints/analytics/load-sample'
import { PreviewImport } from '@apex/protocol/endpoints/analytics/preview-import'
import { RetractImport } from '@apex/protocol/endpoints/analytics/retract-import'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAnalyticsConfig } from '../src/config.ts'
import { type Analytics, csv, figure, row, startAnalytics } from './analytics-fixture.ts'

let analytics: Analytics
beforeAll(async () => {
  analytics = await startAnalytics()
})
afterAll(() => analytics[Symbol.asyncDispose]())

const call = (overrides: Record<string, unknown> = {}) => ({
  timestamp: '2026-06-01T00:00:00Z',
  model: 'gpt-4o',
  input_tokens: 100,
  output_tokens: 10,
  ...overrides,
})

describe('calls as JSON', () => {
  test('are taken one by one, and each is counted once', async () => {
    const as = { organizationId: 'json' }
    const calls = [call({ id: 'a' }), call({ id: 'b', model: 'ours' }), call({ input_tokens: -1 }), { id: 'c' }, 'x']
    const added = await analytics.call(AddCalls, { as, body: { calls } })
    expect(added).toMatchObject({ accepted: 2, duplicates: 0, unpriced: 1, dataVersion: { watermark: 1 } })
    expect(added.rejected.map(({ index }) => index)).toEqual([2, 3, 4])
    expect(added.rejected[0]?.reason).toContain('must not be negative')
    const again = await analytics.call(AddCalls, { as, body: { calls: [call({ id: 'a' }), call({ id: 'd' })] } })
    expect(again).toMatchObject({ accepted: 1, duplicates: 1, dataVersion: { watermark: 2 } })
    expect((await analytics.ask('json', 'overview')).coverage).toMatchObject({ calls: 3, unpricedCalls: 1 })
  })

  test.each([
    ['no calls', { calls: [] }, 'body.calls'],
    ['no list', { calls: 'x' }, 'body.calls'],
    ['nothing', undefined, 'body'],
  ])('are refused as a whole when there is %s', async (_what, body, path) => {
    const problem = await analytics.refusal(AddCalls, { body })
    expect(problem).toMatchObject({ code: 'invalid_request' })
    expect(problem.issues?.[0]?.path).toContain(path)
  })
})

describe('questions', () => {
  test('are answered to people and to runs at the same figures', async () => {
    await analytics.importFile('questions', csv([row(1), row(2)]))
    const as = { organizationId: 'questions' }
    const body = { question: 'overview', params: {} }
    const answers = [
      await analytics.call(AskQuestion, { as, body }),
      await analytics.call(AskQuestion, { as, run: uuidv7(), body }),
    ]
    expect(answers.map((answer) => figure(answer, 'total-cost'))).toEqual(['0.0007', '0.0007'])
  })

  test.each([
    ['data_sufficiency', {}],
    ['overview', {}],
    ['breakdown', { by: 'model' }],
    ['trend', { bucket: 'hour' }],
    ['usage', { measures: ['cost', 'calls'], groupBy: ['model'] }],
    ['model_swap', { from: 'gpt-4o' }],
    ['cache_simulation', {}],
    ['batch_eligibility', {}],
    ['savings_plan', {}],
  ] as const)('of every name are answered: %s', async (question, params) => {
    const answer = await analytics.ask('questions', question, params)
    expect(answer).toMatchObject({ question, coverage: { calls: 2 }, dataVersion: { watermark: 1 } })
  })

  test('of every name are answered when there is not one call', async () => {
    for (const question of ['data_sufficiency', 'overview', 'trend', 'cache_simulation', 'savings_plan'] as const) {
      expect((await analytics.ask('nothing', question)).coverage.calls).toBe(0)
    }
  })

  test('that make no sense are refused with what is wrong', async () => {
    const unknown = await analytics.refusal(AskQuestion, { body: { question: 'weather', params: {} } })
    expect(unknown).toMatchObject({ code: 'invalid_request' })
    const scope = { from: '2026-06-02T00:00:00Z', to: '2026-06-01T00:00:00Z' }
    const backwards = await analytics.refusal(AskQuestion, { body: { question: 'overview', params: { scope } } })
    expect(backwards).toMatchObject({
      code: 'unprocessable',
      detail: expect.stringContaining('from must be before to'),
    })
  })
})

describe('prices', () => {
  test('are listed by name at a date, in exact decimals', async () => {
    const { models, priceVersion } = await analytics.call(ListPrices, { query: { search: 'openai/gpt-4o-mini' } })
    expect(priceVersion).toMatch(/^genai-prices@\d/)
    expect(models.find(({ model }) => model === 'gpt-4o-mini')).toMatchObject({
      provider: 'openai',
      rates: { input_uncached: '0.15', output_text: '0.6' },
    })
    const nothing = await analytics.call(ListPrices, { query: { search: 'no such model' } })
    expect(nothing.models).toEqual([])
    const problem = await analytics.refusal(ListPrices, { query: { at: 'yesterday' } })
    expect(problem).toMatchObject({ code: 'invalid_request' })
  })
})

describe('organisations', () => {
  test('never see each other, whichever address is asked with a right guess', async () => {
    const record = await analytics.importFile('mine', csv([row(1), 'x']))
    const as = { organizationId: 'theirs' }
    const params = { importId: record.id }
    for (const endpoint of [GetImport, GetRejects, RetractImport]) {
      expect(await analytics.refusal(endpoint, { as, params })).toMatchObject({ code: 'not_found' })
    }
    expect(await analytics.call(ListImports, { as })).toEqual({ imports: [] })
    const filter = { filter: { import: [record.id] } }
    expect((await analytics.ask('theirs', 'overview', { scope: filter })).coverage.calls).toBe(0)
    expect((await analytics.ask('mine', 'overview', { scope: filter })).coverage.calls).toBe(1)
    // The same import id, file and call ids are new to another organisation.
    expect(await analytics.importFile('theirs', csv([row(1), 'x']), {}, record.id)).toMatchObject({ accepted: 1 })
    const calls = [call({ id: 'shared' })]
    for (const organizationId of ['mine', 'theirs']) {
      const added = await analytics.call(AddCalls, { as: { organizationId }, body: { calls } })
      expect(added).toMatchObject({ accepted: 1, duplicates: 0, dataVersion: { watermark: 2 } })
    }
    await analytics.call(RetractImport, { as, params })
    expect((await analytics.ask('mine', 'overview')).coverage.calls).toBe(2)
  })
})

describe('roles', () => {
  test('let a viewer ask and look, and change nothing', async () => {
    const record = await analytics.importFile('roles', csv([row(1)]))
    const as = { organizationId: 'roles', role: 'viewer' as const }
    const params = { importId: record.id }
    const refused = [
      await analytics.refusal(CreateImport, { as, params: { importId: uuidv7() }, raw: csv([row(2)]) }),
      await analytics.refusal(LoadSample, { as, body: { importId: uuidv7() } }),
      await analytics.refusal(AddCalls, { as, body: { calls: [call()] } }),
      await analytics.refusal(RetractImport, { as, params }),
    ]
    expect(refused.map(({ code }) => code)).toEqual(['forbidden', 'forbidden', 'forbidden', 'forbidden'])
    const body = { question: 'overview', params: {} }
    expect((await analytics.call(AskQuestion, { as, body })).coverage.calls).toBe(1)
    expect((await analytics.call(ListImports, { as })).imports).toHaveLength(1)
    expect(await analytics.call(GetImport, { as, params })).toEqual({ import: record })
    expect((await analytics.call(PreviewImport, { as, raw: csv([row(1)]) })).sample).toHaveLength(1)
    expect((await analytics.call(ListPrices, { as, query: { search: 'gpt-4o' } })).models).not.toEqual([])
  })
})

describe('callers', () => {
  const own = ENDPOINTS.filter((endpoint) => endpoint.service === 'analytics')

  test.each(own.map((endpoint) => [endpoint.name, endpoint] as const))('of %s are known', async (_name, endpoint) => {
    const path = endpoint.path.replace(/:runId|:importId/g, uuidv7()).replace(':claimId', 'total')
    const request = (authorization?: string) =>
      new Request(`http://analytics.test${path}`, {
        method: endpoint.method,
        ...(authorization ? { headers: { authorization } } : {}),
      })
    expect((await analytics.fetch(request())).status).toBe(401)
    expect((await analytics.fetch(request('Bearer not.a.token'))).status).toBe(401)
  })

  test('whose session ended, or runs where a person is asked for, are refused', async () => {
    const as = { sessionId: 'ended' }
    expect((await analytics.send(ListImports, { as })).status).toBe(200)
    analytics.revoke('ended')
    expect(await analytics.refusal(ListImports, { as })).toMatchObject({ code: 'session_ended' })
    expect(await analytics.refusal(ListImports, { run: uuidv7() })).toMatchObject({ code: 'unauthenticated' })
    expect(await analytics.refusal(ListClaims, { run: uuidv7(), params: { runId: uuidv7() } })).toMatchObject({
      code: 'not_found',
    })
  })
})

describe('a stop', () => {
  test('in the middle of an import leaves nothing that counts, and the next start says what became of it', async () => {
    const as = { organizationId: 'stopped' }
    await analytics.importFile('stopped', csv([row(1)]))
    const importId = uuidv7()
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => stream.enqueue(Buffer.from(`${csv(Array.from({ length: 60 }, (_, i) => row(i)))}\n`)),
    })
    const sending = analytics.refusal(CreateImport, { as, params: { importId }, raw: body })
    await waitFor(async () => (await analytics.send(GetImport, { as, params: { importId } })).ok)
    await analytics.restart()
    expect(await sending).toMatchObject({ code: 'unavailable', retryable: true })
    const { import: record } = await analytics.call(GetImport, { as, params: { importId } })
    expect(record).toMatchObject({ state: 'failed', error: expect.stringContaining('service was stopped') })
    expect((await analytics.ask('stopped', 'overview')).coverage.calls).toBe(1)
    expect(await analytics.importFile('stopped', csv([row(2)]), {}, importId)).toMatchObject({ state: 'committed' })
  })

  test('of the machine leaves an import that the next start ends, with its rows', async () => {
    const { sql, clickhouse } = analytics
    const organizationId = 'killed'
    await analytics.importFile(organizationId, csv([row(1)]))
    const importId = uuidv7()
    // What a process that was killed leaves: a running batch without its lease, its record and some of its rows.
    await sql`update data_version set last_batch = 2 where organization_id = ${organizationId}`
    await sql`insert into ingest_batch (organization_id, number, kind, started_at)
      values (${organizationId}, 2, 'import', now() - interval '1 minute')`
    await sql`insert into import (organization_id, id, batch, format, options, price_version, created_by, started_at)
      values (${organizationId}, ${importId}, 2, 'auto', '{"format":"auto"}', '', 'user-1', now() - interval '1 minute')`
    await clickhouse.command({
      query: `insert into call (* except batch, batch) select * except batch, 2 from call where organization = '${organizationId}'`,
    })
    const rows = async () => {
      const result = await clickhouse.query({
        query: `select count() as rows from call where organization = '${organizationId}'`,
        format: 'JSONEachRow',
      })
      return Number((await result.json<{ rows: string }>())[0]?.rows)
    }
    expect(await rows()).toBe(2)
    expect((await analytics.ask(organizationId, 'overview')).coverage.calls).toBe(1)

    await analytics.restart()
    expect(await analytics.call(GetImport, { as: { organizationId }, params: { importId } })).toMatchObject({
      import: { state: 'failed', error: expect.stringContaining('interrupted') },
    })
    expect((await analytics.ask(organizationId, 'overview')).coverage.calls).toBe(1)
    expect(await rows()).toBe(1)
    await analytics.ready()
  })
})

describe('settings', () => {
  test('that are wrong are named together', () => {
    const env = { ANALYTICS_DATABASE_URL: 'http://x', ANALYTICS_POOL_SIZE: 'many' }
    expect(() => parseAnalyticsConfig(env)).toThrow(
      /ANALYTICS_DATABASE_URL[^]*ANALYTICS_CLICKHOUSE_URL[^]*ANALYTICS_POOL_SIZE/,
    )
    const given = { ANALYTICS_DATABASE_URL: 'postgres://h/d', ANALYTICS_CLICKHOUSE_URL: 'http://h:8123' }
    expect(parseAnalyticsConfig(given)).toMatchObject({ clickhouseDatabase: 'apex', imports: { atOnce: 4 } })
    expect(() => parseAnalyticsConfig({ ...given, ANALYTICS_POOL_SIZE: '5' })).toThrow(/ANALYTICS_POOL_SIZE/)
  })
})
