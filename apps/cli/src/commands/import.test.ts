import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonLines } from '../testing/run-netra.ts'
import { stage } from '../testing/stage.ts'
import { Refusal } from '../testing/test-server.ts'

const REJECTS = '{"line":3,"reason":"input_tokens: must not be negative","content":"x"}\n'

/** A server that counts lines of an import as accepted calls, but for one that says "bad". */
async function stageImports() {
  const set = await stage()
  const requests: { query: Record<string, unknown>; text: string }[] = []
  set.server.handlers['createImport'] = ({ params, query, raw }) => {
    const text = raw.toString()
    requests.push({ query, text })
    const lines = text.split('\n').filter(Boolean)
    const rejected = lines.filter((line) => line === 'bad').length
    return {
      import: {
        id: params['importId'],
        format: 'generic-csv',
        fileName: query['fileName'] ?? null,
        fileHash: null,
        state: rejected === lines.length ? 'failed' : 'committed',
        sample: false,
        bytesRead: raw.byteLength,
        accepted: lines.length - rejected,
        rejected,
        duplicates: 0,
        unpriced: text.includes('mystery') ? 1 : 0,
        rejects: rejected ? [{ line: 3, reason: 'input_tokens: must not be negative', content: 'x' }] : [],
        options: { format: 'auto' },
        dataVersion: { watermark: 4, priceVersion: 'p@1' },
        error: rejected === lines.length ? 'None of the lines could be read.' : null,
        startedAt: '2026-01-01T00:00:00.000Z',
        finishedAt: '2026-01-01T00:00:01.000Z',
      },
    }
  }
  set.server.handlers['getRejects'] = () => REJECTS
  await writeFile(join(set.folder, 'usage.csv'), 'a\nb\nbad\nmystery\n')
  await writeFile(join(set.folder, 'good.csv'), 'a\nb\n')
  return { ...set, requests }
}

describe('netra import', () => {
  test('streams a file with its options and ends with one JSON line', async () => {
    const { folder, requests, netra } = await stageImports()
    await writeFile(join(folder, 'map.json'), '{"Prompt Tokens": "input_tokens", "Notes": null}')
    const args = [
      '--format',
      'generic-csv',
      '--model',
      'gpt-4o',
      '--start',
      '2026-06-01T00:00:00Z',
      '--map',
      'map.json',
    ]

    const { code, stdout } = await netra(['import', 'good.csv', ...args, '--data', '.', '--json']).ended

    expect(code).toBe(0)
    expect(jsonLines(stdout)).toEqual([
      {
        event: 'import',
        importId: expect.any(String),
        accepted: 2,
        rejected: 0,
        duplicates: 0,
        rejectsFile: null,
        unpriced: 0,
        format: 'generic-csv',
        dataVersion: {
          watermark: 4,
          priceVersion: 'p@1',
        },
      },
    ])
    expect(requests[0]?.text).toBe('a\nb\n')
    expect(requests[0]?.query).toMatchObject({
      fileName: 'good.csv',
      format: 'generic-csv',
      model: 'gpt-4o',
      start: '2026-06-01T00:00:00Z',
      map: '{"Prompt Tokens":"input_tokens","Notes":null}',
    })
  })

  test('saves rejected lines beside the person and never over another file', async () => {
    const { folder, netra } = await stageImports()

    const first = jsonLines((await netra(['import', 'usage.csv', '--data', '.', '--json']).ended).stdout)
    const second = jsonLines((await netra(['import', 'usage.csv', '--data', '.', '--json']).ended).stdout)

    expect(first[0]?.['rejectsFile']).toBe(join(folder, 'usage.csv.rejects.jsonl'))
    expect(second[0]?.['rejectsFile']).toBe(join(folder, 'usage.csv.rejects-2.jsonl'))
    expect(await readFile(join(folder, 'usage.csv.rejects.jsonl'), 'utf8')).toBe(REJECTS)
  })

  test('tells a person the rejected lines with their reasons and the models without a price', async () => {
    const { server, netra } = await stageImports()
    server.handlers['askQuestion'] = () => ({
      question: 'overview',
      params: {},
      dataVersion: {
        watermark: 4,
        priceVersion: 'p@1',
      },
      coverage: {
        calls: 3,
        pricedCalls: 2,
        unpricedCalls: 1,
        estimatedUsageCalls: 0,
        unknownUsageCalls: 0,
        from: null,
        to: null,
        unpricedModels: ['mystery-1'],
        containsSampleData: false,
      },
      columns: [],
      rows: [],
      figures: [],
      findings: [],
      gaps: [],
      elapsedMs: 1,
    })

    const { stdout } = await netra(['import', 'usage.csv', '--data', '.']).ended

    expect(stdout).toContain('usage.csv (generic-csv): 3 calls accepted, 1 rejected, 0 known already')
    expect(stdout).toContain('line 3: input_tokens: must not be negative')
    expect(stdout).toContain('usage.csv.rejects.jsonl')
    expect(stdout).toContain('1 call without a known price: mystery-1')
  })

  test('reads standard input for -', async () => {
    const { requests, netra } = await stageImports()

    const { code } = await netra(['import', '-', '--data', '.', '--json'], { input: 'piped\n' }).ended

    expect(code).toBe(0)
    expect(requests[0]?.text).toBe('piped\n')
  })

  test('ends with 1 when no line could be taken or the server refuses the file', async () => {
    const { server, folder, netra } = await stageImports()
    await writeFile(join(folder, 'bad.csv'), 'bad\n')
    const nothing = await netra(['import', 'bad.csv', '--data', '.', '--json']).ended
    server.handlers['createImport'] = () => {
      throw new Refusal('unprocessable', 'The file is empty.')
    }
    const refused = await netra(['import', 'good.csv', '--data', '.']).ended

    expect([nothing.code, refused.code]).toEqual([1, 1])
    expect(jsonLines(nothing.stdout)).toMatchObject([{ event: 'import', accepted: 0, rejected: 1 }])
    expect(await readFile(String(jsonLines(nothing.stdout)[0]?.['rejectsFile']), 'utf8')).toBe(REJECTS)
    expect(nothing.stderr).toContain('None of the lines could be read.')
    expect(refused.stderr).toContain('The file is empty.')
  })

  test.each([
    [['import', 'absent.csv'], 'There is no file'],
    [['import', '.'], 'is not a file'],
    [['import', 'good.csv', '--format', 'xml'], 'Allowed choices are'],
    [['import', 'good.csv', '--start', 'June'], 'Write it like'],
    [['import', 'good.csv', '--map', 'good.csv'], 'is not a column mapping'],
  ])('ends with 2 for %j', async (args, reason) => {
    const { netra } = await stageImports()

    const { code, stderr } = await netra([...args, '--data', '.']).ended

    expect(code).toBe(2)
    expect(stderr).toContain(reason)
  })
})
