import { request } from 'node:http'
import { gunzipSync, gzipSync } from 'node:zlib'
import { listen } from '@apex/kit/listen'
import { waitFor } from '@apex/kit/testing/wait-for'
import { CreateImport } from '@apex/protocol/endpoints/analytics/create-import'
import { GetImport } from '@apex/protocol/endpoints/analytics/get-import'
import { GetRejects } from '@apex/protocol/endpoints/analytics/get-rejects'
import { ListImports } from '@apex/protocol/endpoints/analytics/list-imports'
import { LoadSample } from '@apex/protocol/endpoints/analytics/load-sample'
import { PreviewImport } from '@apex/protocol/endpoints/analytics/preview-import'
import { RetractImport } from '@apex/protocol/endpoints/analytics/retract-import'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Analytics, csv, figure, row, startAnalytics } from './analytics-fixture.ts'
import { dataset } from './datasets.ts'

let analytics: Analytics
beforeAll(async () => {
  analytics = await startAnalytics()
})
afterAll(() => analytics[Symbol.asyncDispose]())

const AZURE = 'azure-llm-2023/AzureLLMInferenceTrace_conv.csv.gz'
const AZURE_OPTIONS = { model: 'gpt-4o', provider: 'openai', fileName: 'conv.csv.gz' }

/** Calls, tokens and nano-dollars at 2.50 and 10.00 USD per million, counted line by line. */
function sumAzure(text: string) {
  const sums = { calls: 0, input: 0n, output: 0n }
  for (const line of text.split('\n').slice(1)) {
    const [, input, output] = line.trim().split(',')
    if (!input || !output) continue
    sums.calls += 1
    sums.input += BigInt(input)
    sums.output += BigInt(output)
  }
  return { ...sums, nanoUsd: sums.input * 2_500n + sums.output * 10_000n }
}

describe('the Azure conversation trace', () => {
  test('adds up to what its lines add up to, and adds nothing the second time', async () => {
    const packed = dataset(AZURE)
    const expected = sumAzure(gunzipSync(packed).toString('utf8'))
    expect(expected).toEqual({ calls: 19_366, input: 22_361_870n, output: 4_088_665n, nanoUsd: 96_791_325_000n })

    const record = await analytics.importFile('azure', packed, AZURE_OPTIONS)
    expect(record).toMatchObject({
      state: 'committed',
      format: 'azure-llm',
      accepted: 19_366,
      rejected: 0,
      duplicates: 0,
      unpriced: 0,
      dataVersion: { watermark: 1 },
    })
    const answer = await analytics.ask('azure', 'overview')
    expect(answer.coverage).toMatchObject({ calls: 19_366, pricedCalls: 19_366, containsSampleData: false })
    expect(figure(answer, 'total-cost')).toBe('96.791325')
    expect(figure(answer, 'input-tokens')).toBe('22361870')
    expect(figure(answer, 'output-tokens')).toBe('4088665')

    for (const again of [packed, gunzipSync(packed)]) {
      const second = await analytics.importFile('azure', again, AZURE_OPTIONS)
      expect(second).toMatchObject({ state: 'committed', accepted: 0, duplicates: 19_366 })
      expect(second.error).toContain(`as import ${record.id}`)
    }
    const after = await analytics.ask('azure', 'overview')
    expect(after.dataVersion.watermark).toBe(1)
    expect(figure(after, 'total-cost')).toBe('96.791325')
  }, 60_000)
})

describe('a file', () => {
  test('that is cut off keeps what was whole and says so', async () => {
    const whole = csv(Array.from({ length: 8_000 }, (_, index) => row(index % 60, (index * 7919) % 10_007)))
    const packed = gzipSync(whole)
    const record = await analytics.importFile('cut', packed.subarray(0, packed.length / 2))
    expect(record.state).toBe('committed')
    expect(record.accepted).toBeGreaterThan(100)
    expect(record.error).toContain('The file is cut off')
    const { calls } = (await analytics.ask('cut', 'overview')).coverage
    expect(calls).toBe(record.accepted)
  })

  test.each([
    ['', 'The file is empty'],
    ['TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n', 'give model'],
    ['timestamp,model,prompt,input_tokens,output_tokens\n2026-06-01T00:00:00Z,gpt-4o,hello,1,1\n', '"prompt"'],
    ['hello', 'format of the file was not recognised'],
  ])('that cannot be imported is refused with what to do: %j', async (content, text) => {
    const importId = uuidv7()
    const as = { organizationId: 'refused' }
    const problem = await analytics.refusal(CreateImport, { as, params: { importId }, raw: content })
    expect(problem).toMatchObject({ code: 'unprocessable', detail: expect.stringContaining(text) })
    expect(await analytics.call(GetImport, { as, params: { importId } })).toMatchObject({
      import: { state: 'failed', error: expect.stringContaining(text) },
    })
    expect((await analytics.ask('refused', 'overview')).coverage.calls).toBe(0)
  })

  test('with bad lines takes the good ones and names the others by line', async () => {
    const lines = [row(1), 'yesterday,gpt-4o,1,1', row(2), '2026-06-01T00:00:03Z,gpt-4o,-5,1', 'x', row(4)]
    const record = await analytics.importFile('bad-lines', csv(lines))
    expect(record).toMatchObject({ state: 'committed', accepted: 3, rejected: 3 })
    expect(record.rejects.map(({ line }) => line)).toEqual([3, 5, 6])
    expect(record.rejects[1]?.reason).toContain('must not be negative')

    const as = { organizationId: 'bad-lines' }
    const response = await analytics.send(GetRejects, { as, params: { importId: record.id } })
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const saved = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(saved).toEqual(record.rejects)
  })

  test('of a model without a price is counted, shown and never free', async () => {
    const record = await analytics.importFile('unpriced', csv([row(1, 100, 'our-own-model'), row(2)]))
    expect(record).toMatchObject({ accepted: 2, unpriced: 1 })
    const answer = await analytics.ask('unpriced', 'overview')
    expect(answer.coverage).toMatchObject({
      calls: 2,
      pricedCalls: 1,
      unpricedCalls: 1,
      unpricedModels: ['our-own-model'],
    })
    expect(figure(answer, 'total-cost')).toBe('0.00035')
  })

  test('with columns of other names is read through a mapping, and a mapping that is none is refused', async () => {
    const file = 'when,what,in,out,note\n2026-06-01T00:00:00Z,gpt-4o,100,10,x\n'
    const map = { when: 'timestamp', what: 'model', in: 'input_tokens', out: 'output_tokens', note: null }
    const record = await analytics.importFile('mapped', file, { map: JSON.stringify(map), format: 'generic-csv' })
    expect(record).toMatchObject({ accepted: 1, options: { map } })
    for (const [bad, text] of [
      ['{', 'is not JSON'],
      ['{"when":"moment"}', 'when'],
    ] as const) {
      const problem = await analytics.refusal(CreateImport, {
        params: { importId: uuidv7() },
        query: { map: bad },
        raw: file,
      })
      expect(problem).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining(text) })
    }
  })

  test('that is taken back does not count any more and may come again', async () => {
    const content = csv([row(1), row(2)])
    const record = await analytics.importFile('back', content)
    const as = { organizationId: 'back' }
    expect(await analytics.call(RetractImport, { as, params: { importId: record.id } })).toMatchObject({
      import: { state: 'retracted' },
    })
    expect((await analytics.ask('back', 'overview')).coverage.calls).toBe(0)
    expect(await analytics.importFile('back', content)).toMatchObject({ accepted: 2, duplicates: 0 })
    const { imports } = await analytics.call(ListImports, { as })
    expect(imports.map(({ state }) => state)).toEqual(['committed', 'retracted'])
  })

  test('whose sender goes away leaves nothing that counts', async () => {
    const abort = new AbortController()
    const importId = uuidv7()
    const as = { organizationId: 'gone' }
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => stream.enqueue(Buffer.from(`${csv(Array.from({ length: 100 }, (_, i) => row(i % 60)))}\n`)),
    })
    const sending = analytics.refusal(CreateImport, { as, params: { importId }, raw: body, signal: abort.signal })
    await waitFor(async () => (await analytics.send(GetImport, { as, params: { importId } })).ok)
    abort.abort()
    expect((await sending).detail).toContain('broken off')
    expect(await analytics.call(GetImport, { as, params: { importId } })).toMatchObject({
      import: { state: 'failed', error: expect.stringContaining('broken off') },
    })
    expect((await analytics.ask('gone', 'overview')).coverage.calls).toBe(0)
  })
})

describe('over a socket', () => {
  test('an upload that is cut leaves nothing that counts, and a refused one is answered while it is sent', async () => {
    await using listener = await listen({ fetch: analytics.fetch, host: '127.0.0.1', port: 0 })
    const as = { organizationId: 'socket' }
    const authorization = await analytics.authorization(as)
    const post = (importId: string) =>
      request({
        port: listener.port,
        host: '127.0.0.1',
        method: 'POST',
        path: CreateImport.path.replace(':importId', importId),
        headers: { authorization },
      })
    const importId = uuidv7()
    const cut = post(importId)
    cut.on('error', () => undefined)
    cut.write(`${csv(Array.from({ length: 100 }, (_, i) => row(i % 60)))}\n`)
    const find = async () => {
      const response = await analytics.send(GetImport, { as, params: { importId } })
      return response.ok ? GetImport.response.parse(await response.json()).import : undefined
    }
    await waitFor(find)
    cut.destroy()
    const ended = await waitFor(async () => ((await find())?.state === 'failed' ? find() : undefined))
    expect(ended.error).toContain('broken off')
    expect((await analytics.ask('socket', 'overview')).coverage.calls).toBe(0)

    const refused = post(uuidv7())
    refused.on('error', () => undefined)
    const answered = new Promise<number | undefined>((resolve) => refused.on('response', (r) => resolve(r.statusCode)))
    refused.write(`hello\n${'nothing known\n'.repeat(100)}`)
    expect(await answered).toBe(422)
    refused.destroy()
  })
})

describe('a preview', () => {
  test('shows what would be read and stores nothing', async () => {
    const as = { organizationId: 'preview' }
    const content = csv([row(1), 'x', row(2)])
    const preview = await analytics.call(PreviewImport, { as, raw: gzipSync(content), query: { service: 'shop' } })
    expect(preview).toMatchObject({ format: 'generic-csv', unknownColumns: [], needs: [] })
    expect(preview.sample).toHaveLength(2)
    expect(preview.sample[0]).toMatchObject({ model: 'gpt-4o', input_tokens: 100, service: 'shop' })
    expect(preview.rejects.map(({ line }) => line)).toEqual([3])
    expect(await analytics.call(ListImports, { as })).toEqual({ imports: [] })
  })

  test('of the first half of a packed file never judges a half line', async () => {
    const packed = dataset(AZURE).subarray(0, 65_536)
    const preview = await analytics.call(PreviewImport, { raw: packed })
    expect(preview.format).toBe('azure-llm')
    expect(preview.needs.map(({ option }) => option)).toContain('model')
    expect(preview.rejects).toEqual([])
  })

  test('asks for a mapping of columns it does not know', async () => {
    const preview = await analytics.call(PreviewImport, {
      raw: 'timestamp,model,inputs\n2026-06-01T00:00:00Z,gpt-4o,1\n',
    })
    expect(preview.unknownColumns).toEqual(['inputs'])
    expect(preview.needs).toMatchObject([{ option: 'map', why: expect.stringContaining('"inputs"') }])
  })
})

describe('the sample', () => {
  test('is labelled, loaded once and taken back like any import', async () => {
    const as = { organizationId: 'sample' }
    const importId = uuidv7()
    const { import: record } = await analytics.call(LoadSample, { as, body: { importId } })
    expect(record).toMatchObject({ id: importId, sample: true, state: 'committed', rejected: 0 })
    expect(record.accepted).toBeGreaterThan(5_000)
    expect(await analytics.call(LoadSample, { as, body: { importId } })).toEqual({ import: record })
    const { import: second } = await analytics.call(LoadSample, { as, body: { importId: uuidv7() } })
    expect(second).toMatchObject({ state: 'committed', accepted: 0, duplicates: record.accepted })
    const { coverage } = await analytics.ask('sample', 'overview')
    expect(coverage).toMatchObject({ calls: record.accepted, containsSampleData: true })
    await analytics.call(RetractImport, { as, params: { importId } })
    expect((await analytics.ask('sample', 'overview')).coverage.calls).toBe(0)
  }, 60_000)
})
