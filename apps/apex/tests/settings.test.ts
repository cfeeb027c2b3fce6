import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfigError } from '@apex/kit/config'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseCommandLine } from '../src/command-line.ts'
import { parseApexConfig } from '../src/config.ts'
import { DataFolder } from '../src/data-folder.ts'
import { describeStartFailure, UsageError } from '../src/start-error.ts'

const defaults = { dataDirectory: '/default' }

describe('the command line of up', () => {
  test('has defaults for this machine alone', () => {
    expect(parseCommandLine([], defaults)).toEqual({
      dataDirectory: '/default',
      port: 3000,
      host: '127.0.0.1',
      json: false,
    })
  })

  test('takes a folder relative to where it was typed', () => {
    const parsed = parseCommandLine(['--data', 'x', '--port=0', '--host', '::1', '--json'], defaults)

    expect(parsed).toEqual({ dataDirectory: join(process.cwd(), 'x'), port: 0, host: '::1', json: true })
  })

  test.each([
    [['--port', '65536']],
    [['--port', '-1']],
    [['--port', 'http']],
    [['--host', 'example.com']],
    [['--data', '']],
    [['--data']],
    [['--unknown']],
    [['stray']],
  ])('refuses %j and shows how it is written', (args) => {
    const failure = captured(() => parseCommandLine(args, defaults))

    expect(failure).toBeInstanceOf(UsageError)
    expect(describeStartFailure(failure)).toMatchObject({ exitCode: 2, message: expect.stringContaining('usage:') })
  })
})

describe('the configuration', () => {
  test('needs nothing on this machine', () => {
    expect(parseApexConfig({}, { host: '127.0.0.1' })).toMatchObject({ trustedProxies: 0, logLevel: 'info' })
  })

  test('tells every problem at once and ends with 3', () => {
    const env = { DATABASE_URL: 'mysql://x', CLICKHOUSE_URL: 'nonsense', LOG_LEVEL: 'loud', TRUSTED_PROXIES: '-1' }
    const failure = captured(() => parseApexConfig(env, { host: '127.0.0.1' })) as ConfigError

    expect(failure.problems.map((each) => each.name)).toEqual([
      'DATABASE_URL',
      'CLICKHOUSE_URL',
      'TRUSTED_PROXIES',
      'LOG_LEVEL',
    ])
    expect(describeStartFailure(failure).exitCode).toBe(3)
  })

  test.each(['0.0.0.0', '::', '192.168.1.5'])('refuses to listen on %s in the open, with the reason', (host) => {
    const failure = captured(() => parseApexConfig({}, { host })) as ConfigError
    const { exitCode, message } = describeStartFailure(failure)

    expect(exitCode).toBe(3)
    expect(message).toMatch(/--host[\s\S]*TLS[\s\S]*PUBLIC_URL/)
    const halfWay = captured(() => parseApexConfig({ TRUSTED_PROXIES: '1', PUBLIC_URL: 'http://a.test' }, { host }))
    expect((halfWay as ConfigError).problems.map((each) => each.name)).toEqual(['PUBLIC_URL'])
  })

  test('listens anywhere behind a proxy with TLS', () => {
    const env = { TRUSTED_PROXIES: '1', PUBLIC_URL: 'https://apex.test' }

    expect(parseApexConfig(env, { host: '0.0.0.0' })).toMatchObject({ publicUrl: 'https://apex.test' })
  })
})

describe('the data folder', () => {
  test('is made for its owner alone, and closed to others when it was not', async () => {
    const base = await temporaryFolder()
    await mkdir(join(base, 'open'), { mode: 0o755 })
    for (const path of [join(base, 'new', 'nested'), join(base, 'open')]) {
      const data = await DataFolder.open(path)
      onTestFinished(() => data[Symbol.asyncDispose]())
      await data.writeServer({ url: 'http://127.0.0.1:1', pid: 1, startedAt: '2026-01-01T00:00:00Z' })

      expect((await stat(path)).mode & 0o777).toBe(0o700)
      expect((await stat(join(path, 'server.json'))).mode & 0o777).toBe(0o600)
    }
  })

  test('names the process and address that hold it', async () => {
    const path = await temporaryFolder()
    const first = await DataFolder.open(path)
    await first.writeServer({ url: 'http://127.0.0.1:4321', pid: process.pid, startedAt: '2026-01-01T00:00:00Z' })
    const failure = await DataFolder.open(path).catch((error: unknown) => error)

    expect(describeStartFailure(failure)).toMatchObject({
      exitCode: 4,
      code: 'directory_in_use',
      message: expect.stringMatching(new RegExp(`process ${process.pid} .*http://127.0.0.1:4321`)),
    })
    await first[Symbol.asyncDispose]()
    const second = await DataFolder.open(path)
    await second[Symbol.asyncDispose]()
  })

  test('of other files is refused and left as it is, one of its own and an empty one are not', async () => {
    const path = await temporaryFolder()
    await chmod(path, 0o755)
    await writeFile(join(path, 'thesis.txt'), 'mine')
    const failure = await DataFolder.open(path).catch((error: unknown) => error)

    expect(describeStartFailure(failure)).toMatchObject({ exitCode: 4, code: 'data_occupied' })
    expect((failure as Error).message).toContain('thesis.txt')
    expect((await stat(path)).mode & 0o777).toBe(0o755)
    expect(await readdir(path)).toEqual(['thesis.txt'])

    const own = await temporaryFolder()
    await writeFile(join(own, '.DS_Store'), '')
    await (await DataFolder.open(own))[Symbol.asyncDispose]()
    await writeFile(join(own, 'notes.txt'), '')
    await (await DataFolder.open(own))[Symbol.asyncDispose]()
  })

  test('that cannot be made ends with 4 and names the way out', async () => {
    const base = await temporaryFolder()
    await writeFile(join(base, 'file'), '')
    const failure = await DataFolder.open(join(base, 'file', 'inside')).catch((error: unknown) => error)

    expect(describeStartFailure(failure)).toMatchObject({ exitCode: 4, message: expect.stringContaining('--data') })
  })
})

function captured(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apex-settings-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}
