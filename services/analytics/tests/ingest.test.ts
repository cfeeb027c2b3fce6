import { constants, gunzipSync, gzipSync } from 'node:zlib'
import { systemClock } from '@apex/kit/clock'
import { v7 as uuidv7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { addCalls } from '../src/ingest/add-calls.ts'
import { CALL_COLUMNS } from '../src/store/call-ddl.ts'
import { cpuMsOf } from './cpu-time.ts'
import { dataset } from './datasets.ts'
import { ingestFixture } from './ingest-fixture.ts'

let fixture: Awaited<ReturnType<typeof ingestFixture>>
beforeAll(async () => {
  fixture = await ingestFixture()
})

const csv = (rows: string[]) => ['timestamp,model,input_tokens,output_tokens', ...rows].join('\n')
const row = (second: number, input = 100) => `2026-06-01T00:00:${String(second).padStart(2, '0')}Z,gpt-4o,${input},10`

describe('importing a file', () => {
  const azure = dataset('azure-llm-2023/AzureLLMInferenceTrace_conv.csv.gz')
  const options = { format: 'azure-llm', model: 'gpt-4o', fileName: 'conv.csv.gz' } as const

  test('of the Azure trace keeps every row and costs what an independent sum says', async () => {
    const importing = fixture.importText('azure', azure, options)
    expect(await cpuMsOf(() => importing)).toBeLessThan(5_000)
    const record = await importing
    expect(record).toMatchObject({
      state: 'committed',
      accepted: 19_366,
      rejected: 0,
      duplicates: 0,
      unpriced: 0,
      error: null,
    })
    expect(record.dataVersion).toEqual({ watermark: 1, priceVersion: fixture.book.version })
    let pico = 0n
    for (const line of gunzipSync(azure).toString().split('\n').slice(1)) {
      const [, input, output] = line.trim().split(',')
      // 2.50 and 10 dollars per million tokens.
      if (input && output) pico += BigInt(input) * 2_500_000n + BigInt(output) * 10_000_000n
    }
    expect(await fixture.count('azure')).toEqual({ calls: 19_366, cost: pico.toString() })
  })

  test('a second time, plain or compressed otherwise, adds nothing and calls every row a duplicate', async () => {
    const before = await fixture.count('azure')
    for (const again of [azure, gunzipSync(azure), gzipSync(gunzipSync(azure), { level: 1 })]) {
      const record = await fixture.importText('azure', again, options)
      expect(record).toMatchObject({ state: 'committed', accepted: 0, duplicates: 19_366, dataVersion: null })
      expect(record.error).toContain('was imported before')
    }
    expect(await fixture.count('azure')).toEqual(before)
    expect((await fixture.batches.visibility('azure')).watermark).toBe(1)
  })

  test('is another organisation’s own', async () => {
    expect((await fixture.count('azure-2')).calls).toBe(0)
    expect(await fixture.importText('azure-2', azure, options)).toMatchObject({ accepted: 19_366, duplicates: 0 })
  })

  test('keeps genuine duplicate rows', async () => {
    expect(await fixture.importText('twins', csv([row(1), row(1), row(1)]))).toMatchObject({
      accepted: 3,
      duplicates: 0,
    })
  })

  test('rejects bad lines with number and reason and keeps the good ones', async () => {
    const bad = [
      row(1),
      '2026-06-01T00:00:02Z,gpt-4o,-5,10',
      row(3),
      'nonsense',
      '2026-06-01T00:00:05Z,gpt-4o,NaN,1',
      row(6),
    ]
    const record = await fixture.importText('bad', csv(bad))
    expect(record).toMatchObject({ state: 'committed', accepted: 3, rejected: 3 })
    expect(record.rejects.map((each) => [each.line, each.reason])).toEqual([
      [3, 'input_tokens must not be negative: -5'],
      [5, 'the line has 1 fields instead of the 4 of the header'],
      [6, 'input_tokens must be a number, not "NaN"'],
    ])
    const all = []
    for await (const page of await fixture.imports.rejects({ organizationId: 'bad', importId: record.id }))
      all.push(...page)
    expect(all).toEqual(record.rejects)
  })

  test('cut short keeps the good lines, says so, and never takes half a line', async () => {
    const whole = csv(Array.from({ length: 20_000 }, (_, index) => row(index % 60, 1_000 + index)))
    const packed = gzipSync(whole)
    const cut = packed.subarray(0, Math.floor(packed.length / 2))
    const record = await fixture.importText('cut', cut)
    expect(record.state).toBe('committed')
    expect(record.accepted).toBeGreaterThan(100)
    expect(record.error).toContain(`The ${record.accepted} good calls before that place`)
    expect(record.rejects.at(-1)?.reason).toContain('the file ends here: the gzip data end before the file does')
    const expected = Array.from(
      { length: record.accepted },
      (_, index) => BigInt(1_000 + index) * 2_500_000n + 100_000_000n,
    )
    expect(await fixture.count('cut')).toEqual({
      calls: record.accepted,
      cost: expected.reduce((sum, each) => sum + each, 0n).toString(),
    })
  })

  test('never takes half a line for a whole one, however plausible it looks', async () => {
    const cut = gzipSync(csv([row(1), `${row(2)}0`.slice(0, -2)]), { finishFlush: constants.Z_SYNC_FLUSH })
    const record = await fixture.importText('half', cut)
    expect(record).toMatchObject({ state: 'committed', accepted: 1, rejected: 2 })
    expect(record.rejects[0]).toMatchObject({ line: 3, reason: expect.stringContaining('cut off') })
  })

  test('with a wrong checksum fails and adds nothing', async () => {
    const packed = gzipSync(
      csv(Array.from({ length: 30_000 }, (_, index) => row(index % 60, (index * 7919) % 100_000))),
    )
    packed[packed.length - 6]! ^= 0xff
    expect(await fixture.importText('corrupt', packed)).toMatchObject({ state: 'failed', accepted: 0 })
    expect((await fixture.count('corrupt')).calls).toBe(0)
  })

  test.each([
    ['', 'The file is empty'],
    ['\n\n', 'The file is empty'],
    [csv([]), 'no rows'],
    ['timestamp,model,input_tokens,outputtokens\n', 'the nearest field is output_tokens'],
    ['TIMESTAMP,ContextTokens,GeneratedTokens\n', 'give model'],
  ])('that cannot be one is refused: %j', async (content, text) => {
    const importId = uuidv7()
    const refused = fixture.importText('refused', content, {}, importId)
    await expect(refused).rejects.toMatchObject({ code: 'unprocessable', message: expect.stringContaining(text) })
    const record = await fixture.imports.find({ organizationId: 'refused', importId })
    expect(record).toMatchObject({ state: 'failed', error: expect.stringContaining(text) })
  })

  test('whose lines are all bad fails with its rejects', async () => {
    expect(await fixture.importText('all-bad', csv(['x', 'y']))).toMatchObject({
      state: 'failed',
      rejected: 2,
      error: expect.stringContaining('None of the 2 lines'),
    })
  })

  test('of an unknown model keeps its calls as unpriced', async () => {
    const record = await fixture.importText('unknown', csv(['2026-06-01T00:00:01Z,our-own-model,5,5', row(2)]))
    expect(record).toMatchObject({ accepted: 2, unpriced: 1 })
  })

  test('under the same id answers with the import that is there, unless it failed', async () => {
    const importId = uuidv7()
    await expect(fixture.importText('same-id', '', {}, importId)).rejects.toMatchObject({ code: 'unprocessable' })
    const first = await fixture.importText('same-id', csv([row(1)]), {}, importId)
    expect(await fixture.importText('same-id', csv([row(1)]), {}, importId)).toEqual(first)
    await expect(fixture.importText('same-id', csv([row(1)]), { model: 'gpt-5' }, importId)).rejects.toMatchObject({
      code: 'conflict',
    })
    expect((await fixture.count('same-id')).calls).toBe(1)
  })

  test('by two at once counts it once', async () => {
    const content = csv(Array.from({ length: 500 }, (_, index) => row(index % 60, index)))
    const records = await Promise.all([fixture.importText('race', content), fixture.importText('race', content)])
    expect(records.map((each) => each.accepted + each.duplicates)).toEqual([500, 500])
    expect(records.reduce((sum, each) => sum + each.accepted, 0)).toBe(500)
    expect((await fixture.count('race')).calls).toBe(500)
  })
})

describe('taking an import back', () => {
  test('stops its calls from counting, leaves older data versions as they were and frees the file', async () => {
    const content = csv([row(1), row(2)])
    await fixture.importText('back', csv([row(9)]))
    const record = await fixture.importText('back', content)
    const key = { organizationId: 'back', importId: record.id }
    expect((await fixture.count('back')).calls).toBe(3)
    expect(await fixture.imports.retract(key)).toMatchObject({ state: 'retracted' })
    expect((await fixture.count('back')).calls).toBe(1)
    expect(
      [await fixture.count('back', 2), await fixture.count('back', 1), await fixture.count('back', 0)].map(
        (each) => each.calls,
      ),
    ).toEqual([3, 1, 0])
    expect(await fixture.imports.retract(key)).toMatchObject({ state: 'retracted' })
    expect((await fixture.batches.visibility('back')).watermark).toBe(3)
    expect(await fixture.importText('back', content)).toMatchObject({ accepted: 2, duplicates: 0 })
    expect((await fixture.count('back')).calls).toBe(3)
  })

  test('of another organisation is not found', async () => {
    const record = await fixture.importText('mine', csv([row(1)]))
    await expect(fixture.imports.retract({ organizationId: 'theirs', importId: record.id })).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(fixture.imports.find({ organizationId: 'theirs', importId: record.id })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('a writer that died', () => {
  test('leaves nothing that counts, and the sweep ends its import', async () => {
    const open = await fixture.batches.open('dead', 'import')
    await fixture.importText('dead', csv([row(1)]))
    const importId = uuidv7()
    await fixture.sql`insert into import (organization_id, id, batch, format, options, price_version, created_by, started_at)
      values ('dead', ${importId}, ${open.batch}, 'auto', '{}', '', 'user', now() - interval '1 minute')`
    await fixture.sql`update ingest_batch set started_at = now() - interval '1 minute' where organization_id = 'dead' and number = ${open.batch}`
    const call = { timestamp: '2026-06-01T00:00:00Z', model: 'gpt-4o', input_tokens: 1, output_tokens: 1 }
    const { makeCall } = await import('../src/ingest/make-call.ts')
    const made = makeCall(call, { book: fixture.book, defaults: {}, provenance: 'api', sample: false, row: 1 })
    if ('problem' in made) throw new Error(made.problem)
    await fixture.calls.insert({ organizationId: 'dead', batch: open.batch, importId }, [made])
    await fixture.batches.sweep()
    expect(await fixture.imports.find({ organizationId: 'dead', importId })).toMatchObject({ state: 'running' })
    expect((await fixture.count('dead')).calls).toBe(1)

    await open[Symbol.asyncDispose]()
    await fixture.batches.sweep()
    expect(await fixture.imports.find({ organizationId: 'dead', importId })).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('interrupted'),
    })
    expect((await fixture.count('dead')).calls).toBe(1)
    const left = await fixture.clickhouse.client.query({
      query: 'select count() as rows from call where organization = {o:String}',
      query_params: { o: 'dead' },
      format: 'JSONEachRow',
    })
    expect(await left.json()).toEqual([{ rows: '1' }])

    // A writer that lived on after its lease was gone writes one block more.
    await fixture.calls.insert({ organizationId: 'dead', batch: open.batch, importId }, [made])
    expect((await fixture.count('dead')).calls).toBe(1)
  })
})

describe('adding calls as JSON', () => {
  const call = (id: string | undefined, input = 1) => ({
    ...(id ? { id } : {}),
    timestamp: '2026-06-01T00:00:00Z',
    model: 'gpt-4o',
    input_tokens: input,
    output_tokens: 1,
  })
  const add = (organizationId: string, calls: unknown[]) =>
    addCalls({ ...fixture, clock: systemClock }, { organizationId, calls })

  test('rejects each bad one by itself and drops what came before', async () => {
    const first = await add('json', [
      call('a'),
      call('a'),
      call('b'),
      call(undefined),
      { id: 'c' },
      { ...call('d'), input_tokens: -1 },
    ])
    expect(first).toMatchObject({ accepted: 3, duplicates: 1, watermark: 1 })
    expect(first.rejected).toEqual([
      { index: 4, reason: 'timestamp is missing' },
      { index: 5, reason: 'input_tokens must not be negative: -1' },
    ])
    expect(await add('json', [call('a'), call('b')])).toMatchObject({ accepted: 0, duplicates: 2, watermark: 1 })
    expect(await add('json', [call('a'), call('e')])).toMatchObject({ accepted: 1, duplicates: 1, watermark: 2 })
    expect((await fixture.count('json')).calls).toBe(4)
  })

  test('by many at once counts each id once', async () => {
    const calls = Array.from({ length: 50 }, (_, index) => call(`id-${index}`))
    const deliver = async (): Promise<number> => {
      for (;;) {
        try {
          return (await add('json-race', calls)).accepted
        } catch (error) {
          if ((error as { code?: string }).code !== 'busy') throw error
        }
      }
    }
    const accepted = await Promise.all([deliver(), deliver(), deliver()])
    expect(accepted.reduce((sum, each) => sum + each, 0)).toBe(50)
    expect((await fixture.count('json-race')).calls).toBe(50)
  })

  test('keeps what was committed though the answer of the database was lost', async () => {
    const loseAnswer = async () => {
      throw new Error('the connection broke')
    }
    const batches = Object.create(fixture.batches) as typeof fixture.batches
    batches.openForRequest = (organizationId) => fixture.batches.openForRequest(organizationId)
    batches.reserve = (key, identities) => fixture.batches.reserve(key, identities)
    batches.abort = (key) => fixture.batches.abort(key)
    batches.commit = async (_sql, key, calls) => {
      await fixture.sql.begin((other) => fixture.batches.commit(other, key, calls))
      return loseAnswer()
    }
    const lost = addCalls(
      { ...fixture, batches, clock: systemClock },
      { organizationId: 'lost', calls: [call('a'), call('b')] },
    )
    await expect(lost).rejects.toThrow('the connection broke')

    expect((await fixture.count('lost')).calls).toBe(2)
    expect(await add('lost', [call('a'), call('b')])).toMatchObject({ accepted: 0, duplicates: 2 })
  })

  test('gives commits one gapless order', async () => {
    const versions = await Promise.all(
      Array.from({ length: 12 }, (_, index) => add('gapless', [call(undefined, index)])),
    )
    expect(versions.map((each) => each.watermark).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    )
  })
})

describe('the call table', () => {
  test('has the columns that are read', async () => {
    const result = await fixture.clickhouse.client.query({
      query: "select name from system.columns where database = currentDatabase() and table = 'call' order by position",
      format: 'JSONEachRow',
    })
    expect((await result.json<{ name: string }>()).map((each) => each.name)).toEqual(CALL_COLUMNS)
  })

  test('refuses statements that are not bound to an organisation', async () => {
    const visibility = await fixture.batches.visibility('azure')
    const read = (sql: string, organizationId = 'azure') =>
      fixture.calls.read({ visibility: { ...visibility, organizationId }, scope: {} }, { sql })
    await expect(read('select count() from call')).rejects.toMatchObject({ code: 'unscoped_statement' })
    await expect(read('select count() from {calls}, (select 1 from call)')).rejects.toMatchObject({
      code: 'unscoped_statement',
    })
    await expect(read('select count() from {calls}', '')).rejects.toMatchObject({ code: 'unscoped_statement' })
  })

  test('binds hostile values instead of running them', async () => {
    const hostile = "x' or 1=1 --\\"
    await fixture.importText(
      'hostile',
      `timestamp,user,input_tokens,output_tokens\n2026-06-01T00:00:00Z,${hostile},1,1`,
    )
    const visibility = await fixture.batches.visibility('hostile')
    const read = (user: string) =>
      fixture.calls.read<{ n: string }>(
        { visibility, scope: { filter: { user: [user] } } },
        { sql: 'select count() as n from {calls}' },
      )
    expect(await read(hostile)).toEqual([{ n: '1' }])
    expect(await read("x' or 1=1")).toEqual([{ n: '0' }])
    const many = Array.from({ length: 200 }, (_, index) => `${'v'.repeat(250)}${index}`)
    expect(
      await fixture.calls.read(
        { visibility, scope: { filter: { user: many } } },
        { sql: 'select count() as n from {calls}' },
      ),
    ).toEqual([{ n: '0' }])
  })
})
