import type { Claim } from '@apex/protocol/claim'
import { AddCalls } from '@apex/protocol/endpoints/analytics/add-calls'
import { ListClaims } from '@apex/protocol/endpoints/analytics/list-claims'
import { PublishClaims } from '@apex/protocol/endpoints/analytics/publish-claims'
import { RerunClaim } from '@apex/protocol/endpoints/analytics/rerun-claim'
import { RetractImport } from '@apex/protocol/endpoints/analytics/retract-import'
import type { Answer } from '@apex/protocol/question'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Analytics, csv, row, startAnalytics } from './analytics-fixture.ts'

let analytics: Analytics
beforeAll(async () => {
  analytics = await startAnalytics()
})
afterAll(() => analytics[Symbol.asyncDispose]())

/** A claim as a run makes it of an answer's figure. */
function claimOf(answer: Answer, figureKey: string, overrides: Partial<Claim> = {}): Claim {
  const found = answer.figures.find((each) => each.key === figureKey)
  if (!found) throw new Error(`no figure ${figureKey}`)
  const { label, value, unit, rounding, rows, rowCount, formula } = found
  const { question, params, dataVersion } = answer
  const evidence = { question, params, figureKey, dataVersion, rows, rowCount, formula }
  return { id: 'total', label, value, unit, rounding, display: value, ...evidence, ...overrides }
}

async function publish(organizationId: string, claims: Claim[], runId: string = uuidv7()): Promise<string> {
  await analytics.call(PublishClaims, { as: { organizationId }, run: runId, params: { runId }, body: { claims } })
  return runId
}

const rerun = (organizationId: string, runId: string, claimId = 'total') =>
  analytics.call(RerunClaim, { as: { organizationId }, params: { runId, claimId } })

describe('publishing', () => {
  test('stores the claims of a run once, whatever the order of their keys', async () => {
    await analytics.importFile('publish', csv([row(1), row(2)]))
    const answer = await analytics.ask('publish', 'overview')
    const claims = [claimOf(answer, 'total-cost'), claimOf(answer, 'calls', { id: 'calls' })]
    const as = { organizationId: 'publish' }
    const runId = uuidv7()
    const send = (body: unknown) => ({ as, run: runId, params: { runId }, body })
    expect(await analytics.call(PublishClaims, send({ claims }))).toEqual({ stored: 2 })
    const turned = claims.map((claim) => Object.fromEntries(Object.entries(claim).toReversed()))
    expect(await analytics.call(PublishClaims, send({ claims: turned }))).toEqual({ stored: 2 })
    expect(await analytics.call(ListClaims, { as, params: { runId } })).toEqual({ claims })

    const other = [{ ...claims[0], value: '1' }, claims[1]]
    expect(await analytics.refusal(PublishClaims, send({ claims: other }))).toMatchObject({ code: 'conflict' })
    expect(await analytics.refusal(PublishClaims, send({ claims: [] }))).toMatchObject({ code: 'conflict' })
    expect(await analytics.call(ListClaims, { as, params: { runId } })).toEqual({ claims })
  })

  test('by two deliveries at once stores one report', async () => {
    const answer = await analytics.ask('publish', 'overview')
    const runId = uuidv7()
    const publishing = Array.from({ length: 4 }, () => publish('publish', [claimOf(answer, 'calls')], runId))
    expect(await Promise.all(publishing)).toEqual([runId, runId, runId, runId])
  })

  test('is for the run itself, not for people or other runs', async () => {
    const runId = uuidv7()
    const given = { params: { runId }, body: { claims: [] } }
    expect(await analytics.refusal(PublishClaims, given)).toMatchObject({ code: 'unauthenticated' })
    expect(await analytics.refusal(PublishClaims, { ...given, run: uuidv7() })).toMatchObject({ code: 'forbidden' })
  })

  test('is for who asked: to others of the organisation the report is not there', async () => {
    const answer = await analytics.ask('publish', 'overview')
    const runId = await publish('publish', [claimOf(answer, 'calls')])
    const as = { organizationId: 'publish', userId: 'a-colleague' }

    expect(await analytics.refusal(ListClaims, { as, params: { runId } })).toMatchObject({ code: 'not_found' })
    const again = { as, params: { runId, claimId: 'total' } }
    expect(await analytics.refusal(RerunClaim, again)).toMatchObject({ code: 'not_found' })
  })

  test('refuses two claims of one id', async () => {
    const answer = await analytics.ask('publish', 'overview')
    const claims = [claimOf(answer, 'calls'), claimOf(answer, 'calls')]
    const runId = uuidv7()
    const problem = await analytics.refusal(PublishClaims, { run: runId, params: { runId }, body: { claims } })
    expect(problem).toMatchObject({ code: 'invalid_request', issues: [{ path: 'body.claims.1.id' }] })
  })
})

describe('asking a claim again', () => {
  test('answers the same while its figure is, even when other data came', async () => {
    await analytics.importFile('same', csv([row(1), row(2)]))
    const june = { scope: { from: '2026-06-01T00:00:00Z', to: '2026-06-02T00:00:00Z' } }
    const answer = await analytics.ask('same', 'overview', june)
    const runId = await publish('same', [claimOf(answer, 'total-cost')])
    expect(await rerun('same', runId)).toMatchObject({ result: 'same', because: [], figure: { value: '0.0007' } })

    await analytics.importFile('same', 'timestamp,model,input_tokens,output_tokens\n2026-07-01T00:00:00Z,gpt-4o,9,9\n')
    expect(await rerun('same', runId)).toMatchObject({ result: 'same', because: [], dataVersion: { watermark: 2 } })
  })

  test('answers how it changed and what was added and taken back since', async () => {
    const first = await analytics.importFile('changed', csv([row(1), row(2)]))
    const answer = await analytics.ask('changed', 'overview')
    const before = claimOf(answer, 'total-cost', { dataVersion: { watermark: 1, priceVersion: 'genai-prices@0.0.1' } })
    const runId = await publish('changed', [claimOf(answer, 'total-cost'), { ...before, id: 'older-prices' }])

    await analytics.importFile('changed', csv([row(3)]))
    const call = { timestamp: '2026-06-01T00:00:04Z', model: 'gpt-4o', input_tokens: 100, output_tokens: 10 }
    await analytics.call(AddCalls, { as: { organizationId: 'changed' }, body: { calls: [call] } })
    await analytics.call(RetractImport, { as: { organizationId: 'changed' }, params: { importId: first.id } })
    await analytics.importFile('changed', csv([row(5), row(6), row(7)]))

    const since = [
      '2 imports with 4 calls were added since.',
      '1 batch of calls with 1 call was added since.',
      '1 import with 2 calls was taken back since.',
    ]
    expect(await rerun('changed', runId)).toMatchObject({
      result: 'changed',
      because: since,
      figure: { key: 'total-cost', value: '0.00175' },
      dataVersion: { watermark: 5 },
    })
    const repriced = await rerun('changed', runId, 'older-prices')
    expect(repriced.because.at(-1)).toMatch(/^The price book changed from genai-prices@0\.0\.1 to genai-prices@/)
  })

  test('answers why it cannot be answered any more', async () => {
    const record = await analytics.importFile('gone', csv([row(1, 100, 'gpt-4o'), row(2, 100, 'gpt-4o')]))
    const answer = await analytics.ask('gone', 'overview')
    const runId = await publish('gone', [
      claimOf(answer, 'total-cost'),
      claimOf(answer, 'calls', { id: 'other-form', params: { scope: 'everything' } }),
      claimOf(answer, 'calls', { id: 'other-figure', figureKey: 'a-figure-of-old' }),
    ])
    expect(await rerun('gone', runId, 'other-form')).toMatchObject({
      result: 'unanswerable',
      figure: null,
      because: ['The question overview is not asked in this form any more.'],
      dataVersion: { watermark: 1 },
    })
    expect(await rerun('gone', runId, 'other-figure')).toMatchObject({
      result: 'unanswerable',
      because: ['The answer to the question has no figure a-figure-of-old any more.'],
    })
    await analytics.call(RetractImport, { as: { organizationId: 'gone' }, params: { importId: record.id } })
    const emptied = await rerun('gone', runId)
    expect(emptied).toMatchObject({ result: 'unanswerable', figure: null })
    expect(emptied.because).toContain('1 import with 2 calls was taken back since.')
  })

  test('is for people and for runs of the organisation, and not found for others', async () => {
    await analytics.importFile('ours', csv([row(1)]))
    const runId = await publish('ours', [claimOf(await analytics.ask('ours', 'overview'), 'total-cost')])
    const params = { runId, claimId: 'total' }
    const asRun = await analytics.call(RerunClaim, { as: { organizationId: 'ours' }, run: uuidv7(), params })
    expect(asRun.result).toBe('same')
    const as = { organizationId: 'theirs' }
    expect(await analytics.refusal(RerunClaim, { as, params })).toMatchObject({ code: 'not_found' })
    expect(await analytics.refusal(ListClaims, { as, params: { runId } })).toMatchObject({ code: 'not_found' })
    // The same run id in another organisation is another report.
    await publish('theirs', [], runId)
    expect(await analytics.call(ListClaims, { as, params: { runId } })).toEqual({ claims: [] })
    expect(
      (await analytics.call(ListClaims, { as: { organizationId: 'ours' }, params: { runId } })).claims,
    ).toHaveLength(1)
  })
})
