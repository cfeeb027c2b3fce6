import { CallInput } from '@apex/protocol/call'
import type { ImportOptions } from '@apex/protocol/import'
import { describe, expect, test } from 'vitest'
import { describeIssues } from './describe-issues.ts'
import type { FileRow } from './line.ts'
import { openFormat } from './open-format.ts'

function read(text: string, options: Partial<ImportOptions> = {}) {
  const lines = text.split('\n').map((each, index) => ({ number: index + 1, text: each }))
  const reader = openFormat(lines.slice(0, 20), { format: 'auto', ...options })
  const rows = [...lines.flatMap((line) => reader.push(line)), ...reader.end()]
  return { reader, rows, ...outcome(rows) }
}

function outcome(rows: FileRow[]) {
  const values: CallInput[] = []
  const rejects: { line: number; reason: string }[] = []
  for (const row of rows) {
    if ('reason' in row) rejects.push({ line: row.line, reason: row.reason })
    else {
      const parsed = CallInput.safeParse(row.value)
      if (parsed.success) values.push(parsed.data)
      else rejects.push({ line: row.line, reason: describeIssues(parsed.error.issues, row.value) })
    }
  }
  return { values, rejects }
}

const azureHeader = 'TIMESTAMP,ContextTokens,GeneratedTokens'

describe('azure-llm', () => {
  test('is told by its header and reads 100 ns in UTC as microseconds', () => {
    const { reader, values } = read(`${azureHeader}\n2023-11-16 18:15:46.6805909,374,44`, { model: 'gpt-4o' })
    expect(reader.name).toBe('azure-llm')
    expect(values).toEqual([{ timestamp: '2023-11-16T18:15:46.680590Z', input_tokens: 374, output_tokens: 44 }])
  })

  test('says that it needs a model', () => {
    expect(read(azureHeader).reader.needs.map((need) => need.option)).toEqual(['model'])
  })

  test.each([
    ['2023-11-16 18:15:46.68,-5,44', 'ContextTokens must not be negative: "-5"'],
    ['2023-11-16 18:15:46.68,99999999999999999999,44', 'ContextTokens is larger than any call'],
    ['2023-11-16 18:15:46.68,374,NaN', 'GeneratedTokens must be a whole number of tokens, not "NaN"'],
    ['2023-11-16 18:15:46.68,374,4.5', 'GeneratedTokens must be a whole number of tokens, not "4.5"'],
    ['2023-11-16 18:15:46.68,374,', 'GeneratedTokens is missing'],
    [',374,44', 'TIMESTAMP is missing'],
    ['2023-02-31 18:15:46,374,44', 'TIMESTAMP "2023-02-31 18:15:46" is not a time'],
    ['garbage', 'the line has 1 fields instead of the 3 of the header'],
  ])('rejects %s and keeps the rest', (line, reason) => {
    const { values, rejects } = read(`${azureHeader}\n${line}\n2023-11-16 18:15:50,1,2`, { model: 'gpt-4o' })
    expect(values).toHaveLength(1)
    expect(rejects).toEqual([{ line: 2, reason: expect.stringContaining(reason) }])
  })
})

describe('mooncake', () => {
  const options = { model: 'claude-sonnet-4-5', start: '2026-06-01T00:00:00Z' }

  test('counts milliseconds from the start and keeps prefix hashes', () => {
    const { reader, values } = read(
      '{"timestamp": 1500, "input_length": 6, "output_length": 5, "hash_ids": [0, 7]}',
      options,
    )
    expect(reader.name).toBe('mooncake')
    expect(values).toEqual([
      {
        timestamp: '2026-06-01T00:00:01.500000Z',
        input_tokens: 6,
        output_tokens: 5,
        prefix_hashes: [0, 7],
        prefix_block_tokens: 512,
      },
    ])
  })

  test('says that it needs a model and a start', () => {
    const { reader } = read('{"timestamp": 0, "input_length": 6, "output_length": 5, "hash_ids": []}')
    expect(reader.needs.map((need) => need.option)).toEqual(['model', 'start'])
  })

  test('rejects what is not a call', () => {
    const bad = [
      '{"timestamp": "x", "input_length": 6, "output_length": 5}',
      '{"timestamp": 1, "input_length": -6, "output_length": 5}',
      '{"timestamp": 1, "input_length": 6, "output_length": NaN}',
      '{"timestamp": 1, "input_length": 6, "output_length": 5, "hash_ids": [-1]}',
      '[1]',
    ]
    const good = '{"timestamp": 0, "input_length": 6, "output_length": 5}'
    const { values, rejects } = read([good, ...bad].join('\n'), options)
    expect(values).toHaveLength(1)
    expect(rejects.map((each) => each.line)).toEqual([2, 3, 4, 5, 6])
    expect(rejects[2]?.reason).toContain('NaN and Infinity are not JSON numbers')
  })
})

describe('generic-csv', () => {
  test('reads fields by name, quotes, line breaks in quotes and other separators', () => {
    const text =
      'timestamp;model;input_tokens;output_tokens;feature\n2026-06-01T00:00:00Z;gpt-4o;10;2;"a; ""b""\nc"\n1780272000000;gpt-4o;11;3;x'
    const { reader, values, rows } = read(text)
    expect(reader.name).toBe('generic-csv')
    expect(values.map((value) => [value.timestamp, value.input_tokens, value.feature])).toEqual([
      ['2026-06-01T00:00:00Z', 10, 'a; "b"\nc'],
      [1780272000000, 11, 'x'],
    ])
    expect(rows.map((row) => row.line)).toEqual([2, 4])
  })

  test('maps and ignores columns, and names the nearest field of an unknown one', () => {
    const header = 'Prompt Tokens,timestamp,Completion Tokens,note,modle'
    const { reader } = read(header)
    expect(reader.unknownColumns).toEqual([
      { column: 'Prompt Tokens', nearest: 'input_tokens' },
      { column: 'Completion Tokens', nearest: 'output_tokens' },
      { column: 'note', nearest: expect.anything() },
      { column: 'modle', nearest: 'model' },
    ])
    const map = {
      'Prompt Tokens': 'input_tokens',
      'Completion Tokens': 'output_tokens',
      note: null,
      modle: 'model',
    } as const
    const { values } = read(`${header}\n5,2026-06-01T00:00:00Z,6,hello,gpt-4o`, { map })
    expect(values).toEqual([{ timestamp: '2026-06-01T00:00:00Z', input_tokens: 5, output_tokens: 6, model: 'gpt-4o' }])
  })

  test('a quote that is never closed holds no more than a record may be long', () => {
    const reader = openFormat([{ number: 1, text: 'timestamp,model,input_tokens' }], { format: 'auto' })
    const long = 'x'.repeat(1_000_000)
    expect(reader.push({ number: 2, text: `"${long}` })).toEqual([])
    expect(reader.push({ number: 3, text: long })).toMatchObject([
      { line: 2, reason: 'a quote is opened in this line and not closed' },
      { line: 3, reason: 'the line has 1 fields instead of the 3 of the header' },
    ])
  })

  test('a stray quote costs only its own line', () => {
    const lines = [
      'timestamp,model,input_tokens',
      '2026-06-01T00:00:00Z,"gpt,1',
      ...Array(5).fill('2026-06-01T00:00:00Z,gpt-4o,2'),
    ]
    const { values, rejects } = read(
      [...lines, '2026-06-01T00:00:00Z,g"pt,3', '2026-06-01T00:00:00Z,gpt-4o,4'].join('\n'),
    )
    expect(values.map((value) => value.input_tokens)).toEqual([2, 2, 2, 2, 2, 4])
    expect(rejects.map((each) => each.line)).toEqual([2, 8])
  })

  test.each([
    ['2026-06-01T00:00:00Z,-1', 'input_tokens must not be negative: -1'],
    ['2026-06-01T00:00:00Z,1e3', 'input_tokens must be a number, not "1e3"'],
    ['2026-06-01T00:00:00Z,1000000000', 'input_tokens must be at most 100000000: 1000000000'],
    ['2026-06-01T00:00:00,1', 'timestamp must be an ISO 8601 instant with its zone'],
    [',1', 'timestamp is missing'],
    ['2026-06-01T00:00:00Z', 'the line has 1 fields instead of the 2 of the header'],
  ])('rejects %s', (line, reason) => {
    const { rejects } = read(`timestamp,input_tokens\n${line}`)
    expect(rejects).toEqual([{ line: 2, reason: expect.stringContaining(reason) }])
  })
})

describe('generic-jsonl', () => {
  test('reads calls, ignores null and names an unknown key of a later line', () => {
    const text = [
      '{"timestamp":"2026-06-01T00:00:00Z","model":"gpt-4o","input_tokens":5,"user":null}',
      ...Array(30).fill('{"timestamp":"2026-06-01T00:00:00Z"}'),
      '{"timestamp":"2026-06-01T00:00:00Z","imput_tokens":5}',
    ].join('\n')
    const { reader, values, rejects } = read(text)
    expect(reader.name).toBe('generic-jsonl')
    expect(values).toHaveLength(31)
    expect(rejects).toEqual([
      { line: 32, reason: '"imput_tokens" is not a field of a call; the nearest is input_tokens' },
    ])
  })
})

describe('an unknown file', () => {
  test.each(['hello world', '[{"timestamp":1}]'])('is refused with what is accepted: %s', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'unprocessable' }))
  })
})
