import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../../src/embedded/clickhouse.ts'
import { DirectoryInUseError } from '../../src/process/directory-lock.ts'
import { eventually, runs, silentLog, startOwner, temporaryFolder, untilTestEnds } from './store-harness.ts'

let folder: string
let store: EmbeddedClickHouse
let client: ClickHouseClient

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kit-clickhouse-'))
  store = await startEmbeddedClickHouse({ dataDirectory: folder, log: silentLog })
  client = createClient({ url: store.url, log: { level: ClickHouseLogLevel.OFF } })
}, 60_000)

afterAll(async () => {
  await client.close()
  await store[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
}, 30_000)

async function rows<T>(query: string, params: Record<string, unknown> = {}, on = client): Promise<T[]> {
  return (await on.query({ query, query_params: params, format: 'JSONEachRow' })).json<T>()
}

describe('questions', () => {
  test('answers a ping and says which engine it is', async () => {
    expect(await client.ping()).toEqual({ success: true })
    expect(await rows("SELECT toUInt16(splitByChar('.', version())[1]) >= 25 AS recent, timezone() AS zone")).toEqual([
      { recent: 1, zone: 'UTC' },
    ])
  })

  test('keeps every digit of 64-bit integers and Decimals', async () => {
    const [row] = await rows(
      "SELECT 9223372036854775807::Int64 AS i, toDecimal128('123456789012345678.000000000001', 12) AS d",
    )

    expect(row).toEqual({ i: '9223372036854775807', d: '123456789012345678.000000000001' })
  })

  test('a setting of the request wins over the default, for that request only', async () => {
    const query = "SELECT 1::UInt64 AS n, getSetting('max_execution_time') AS seconds"
    const settings = { output_format_json_quote_64bit_integers: 0, max_execution_time: 7 } as const

    const first = await client.query({ query, format: 'JSONEachRow', clickhouse_settings: settings })

    expect(await first.json()).toEqual([{ n: 1, seconds: 7 }])
    expect(await rows(query)).toEqual([{ n: '1', seconds: 30 }])
  })

  test('binds any text as a parameter exactly', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
        async (text, n) => {
          const [row] = await rows('SELECT {t:String} AS t, {n:Int64} AS n', { t: text, n: String(n) })
          expect(row).toEqual({ t: text.toWellFormed(), n: String(n) })
        },
      ),
      { numRuns: 60, examples: [["'; DROP TABLE x; --\\' \n\t\0", 0n]] },
    )
  })

  test('binds lists, nothing, times and names', async () => {
    const [row] = await rows(
      'SELECT {a:Array(String)} AS a, {n:Nullable(String)} AS n, {t:DateTime64(3)} AS t, {c:Identifier} AS c FROM (SELECT 5 AS five)',
      {
        a: ["it's", 'b\\c'],
        n: null,
        t: new Date(1_767_225_600_123),
        c: 'five',
      },
    )

    expect(row).toEqual({ a: ["it's", 'b\\c'], n: null, t: '2026-01-01 00:00:00.123', c: 5 })
  })

  test('a hundred at once each see only their own parameters', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => rows<{ i: number }>('SELECT {i:UInt32} AS i', { i })),
    )

    expect(answers.flat().map((row) => row.i)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  test('a parameter too long for an address travels as a form', async () => {
    const text = 'x'.repeat(300_000)
    const answer = await client.query({
      query: 'SELECT length({t:String}) AS n',
      query_params: { t: text },
      format: 'JSONEachRow',
      use_multipart_params: true,
    })

    expect(await answer.json()).toEqual([{ n: '300000' }])
  })

  test('a large answer arrives complete, compressed or not', async () => {
    for (const response of [false, true]) {
      const other = untilTestEnds(createClient({ url: store.url, compression: { response } }))
      const answer = await other.query({ query: 'SELECT number AS n FROM numbers(1000000)', format: 'JSONEachRow' })
      let count = 0
      for await (const part of answer.stream()) count += part.length
      expect(count).toBe(1_000_000)
    }
  }, 30_000)

  test('a database is chosen by name, and an unknown one is an error', async () => {
    await client.command({ query: 'CREATE DATABASE chosen' })
    await client.command({ query: 'CREATE TABLE chosen.t (a UInt8) ENGINE = MergeTree ORDER BY a' })
    const inside = untilTestEnds(createClient({ url: store.url, database: 'chosen' }))
    const nowhere = untilTestEnds(createClient({ url: store.url, database: 'nowhere' }))

    expect(await rows('SELECT count() AS n FROM t', {}, inside)).toEqual([{ n: '0' }])
    await expect(rows('SELECT 1', {}, nowhere)).rejects.toMatchObject({ code: '81', type: 'UNKNOWN_DATABASE' })
  })
})

describe('errors', () => {
  test.each([
    ['selec 1', '62', 'SYNTAX_ERROR'],
    ['SELECT * FROM nowhere', '60', 'UNKNOWN_TABLE'],
    ['SELECT {missing:String}', '456', 'UNKNOWN_QUERY_PARAMETER'],
    ["SELECT 1; SELECT ';'", '62', 'SYNTAX_ERROR'],
    ["SELECT throwIf(1, 'told')", '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
  ])('%s is a ClickHouseError with its code', async (query, code, type) => {
    const failure = await client.query({ query }).catch((error: unknown) => error)

    expect(failure).toBeInstanceOf(ClickHouseError)
    expect(failure).toMatchObject({ code, type })
  })

  test('a semicolon inside text or a comment, or at the end, is no second statement', async () => {
    expect(await rows("SELECT ';' AS a, 'it''s; \\'; ' AS b -- ; end")).toEqual([{ a: ';', b: "it's; '; " }])
    await client.command({ query: 'SELECT 1 /* ; */ ;\n' })
  })

  test('time and memory of a statement are bounded', async () => {
    const endless = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1'
    const slow = client.query({ query: endless, clickhouse_settings: { max_execution_time: 1 } })
    const greedy = client.query({
      query: "SELECT groupArray(repeat('x', 10000) || toString(number)) FROM numbers(1000000)",
    })

    await expect(slow).rejects.toMatchObject({ code: '159' })
    await expect(greedy).rejects.toMatchObject({ code: '241' })
  }, 30_000)

  test('a statement ends when its client goes away', async () => {
    const leave = new AbortController()
    const endless = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 2'
    const asked = client.query({ query: endless, abort_signal: leave.signal }).catch(() => 'aborted')
    const running = () =>
      rows<{ n: string }>(
        "SELECT count() AS n FROM system.processes WHERE query LIKE '%sipHash64(number) = 2%' AND query NOT LIKE '%system.processes%'",
      )
    await eventually(async () => (await running())[0]?.n === '1')

    leave.abort()

    await eventually(async () => (await running())[0]?.n === '0')
    expect(await asked).toBe('aborted')
  }, 30_000)

  test('who does not know the secret is refused', async () => {
    const wrong = new URL(store.url)
    wrong.password = 'wrong'
    const stranger = untilTestEnds(createClient({ url: wrong }))

    await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' })
    expect((await fetch(new URL('/?query=SELECT+1', `http://${wrong.host}`))).status).toBe(403)
  })
})

describe('inserts', () => {
  const table = (name: string) =>
    `CREATE TABLE ${name} (id UInt64, text String, cost Nullable(Int64)) ENGINE = MergeTree ORDER BY id`

  test('takes rows, and a stream of more than one piece, each exactly once', async () => {
    await client.command({ query: table('taken') })
    await client.insert({ table: 'taken', values: [{ id: 0, text: 'a;b\n"c"', cost: null }], format: 'JSONEachRow' })
    const many = 400_000
    async function* lines() {
      for (let id = 1; id <= many; id += 1) yield { id, text: `${'x'.repeat(80)}${id}`, cost: String(id) }
    }
    await client.insert({ table: 'taken', values: Readable.from(lines()), format: 'JSONEachRow' })

    const [sum] = await rows('SELECT count() AS n, uniqExact(id) AS ids, sum(cost) AS cost FROM taken')
    expect(sum).toEqual({ n: String(many + 1), ids: String(many + 1), cost: String((many * (many + 1)) / 2) })
    expect(await rows('SELECT text, cost FROM taken WHERE id = 0')).toEqual([{ text: 'a;b\n"c"', cost: null }])
  }, 60_000)

  test('takes a compressed body and named columns', async () => {
    await client.command({ query: table('zipped') })
    const zipping = untilTestEnds(createClient({ url: store.url, compression: { request: true } }))

    const { summary } = await zipping.insert({
      table: 'zipped',
      columns: ['id', 'text'],
      values: [
        { id: 1, text: 'ü' },
        { id: 2, text: '' },
      ],
      format: 'JSONEachRow',
    })

    expect(summary?.written_rows).toBe('2')
    expect(await rows('SELECT text FROM zipped ORDER BY id')).toEqual([{ text: 'ü' }, { text: '' }])
  })

  test('takes CSV with line feeds inside fields, and nothing at all', async () => {
    await client.command({ query: table('comma') })
    await client.insert({
      table: 'comma',
      values: Readable.from(['1,"two\nlines",3\n'], { objectMode: false }),
      format: 'CSV',
    })
    await client.exec({ query: 'INSERT INTO comma FORMAT JSONEachRow', values: Readable.from(['\n']) })

    expect(await rows('SELECT * FROM comma')).toEqual([{ id: '1', text: 'two\nlines', cost: '3' }])
  })

  test('a row that cannot be read refuses the whole batch and says which', async () => {
    await client.command({ query: table('refused') })
    const values = [
      { id: 1, text: 'a' },
      { id: -1, text: 'b' },
    ]

    await expect(client.insert({ table: 'refused', values, format: 'JSONEachRow' })).rejects.toMatchObject({
      message: expect.stringMatching(/at row 2/),
    })
    expect(await rows('SELECT count() AS n FROM refused')).toEqual([{ n: '0' }])
  })

  test('a binary format is refused in words', async () => {
    await client.command({ query: table('bytes') })
    const insert = client.exec({
      query: 'INSERT INTO bytes FORMAT RowBinary',
      values: Readable.from([Buffer.from([1])]),
    })

    await expect(insert).rejects.toThrow(/JSONEachRow/)
  })
})

describe('faults', () => {
  test('comes back on the same address with every acknowledged insert when it is killed', async () => {
    await client.command({ query: 'CREATE TABLE kept (id UInt64) ENGINE = MergeTree ORDER BY id' })
    let acknowledged = 0
    const inserting = (async () => {
      for (;;) {
        await client.insert({ table: 'kept', values: [{ id: acknowledged }], format: 'JSONEachRow' })
        acknowledged += 1
      }
    })().catch(() => undefined)
    await eventually(async () => acknowledged >= 20)
    const before = store.pid
    store.kill('SIGKILL')
    await inserting

    const tookMs = await eventually(async () => (await client.ping()).success && store.state === 'running')

    console.log(`clickhouse served again ${Math.round(tookMs)} ms after SIGKILL`)
    expect(store.pid).not.toBe(before)
    const [found] = await rows<{ n: string }>('SELECT uniqExact(id) AS n FROM kept WHERE id < {n:UInt64}', {
      n: acknowledged,
    })
    expect(found?.n).toBe(String(acknowledged))
  }, 30_000)

  test('refuses a second owner of its folder', async () => {
    await expect(startEmbeddedClickHouse({ dataDirectory: folder, log: silentLog })).rejects.toThrow(
      DirectoryInUseError,
    )
  })

  test('goes with an owner that is killed, and the next start has the data', async () => {
    const own = await temporaryFolder()
    const owner = await startOwner('clickhouse', own)
    const first = untilTestEnds(createClient({ url: owner.url }))
    await first.command({ query: 'CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a' })
    await first.insert({ table: 't', values: [{ a: 1 }], format: 'JSONEachRow' })

    owner.process.kill('SIGKILL')
    const tookMs = await eventually(async () => !(await runs(owner.pid)))
    const next = untilTestEnds(await startEmbeddedClickHouse({ dataDirectory: own, log: silentLog }))
    const second = untilTestEnds(createClient({ url: next.url }))

    console.log(`clickhouse gone ${Math.round(tookMs)} ms after its owner was killed`)
    expect(await rows('SELECT a FROM t', {}, second)).toEqual([{ a: 1 }])
  }, 60_000)
})
