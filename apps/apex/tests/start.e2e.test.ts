import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { signInOverHttp } from './fixture/api.ts'
import { freePort, jsonLines, type RunningNetra, root, startNetra, temporaryFolder } from './fixture/netra.ts'
import { descendantsOf, isRunning, until } from './fixture/processes.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let data: string

beforeEach(async () => {
  folder = await temporaryFolder()
  data = join(folder.path, 'data')
})
afterEach(() => folder.dispose())

async function start(port?: number): Promise<RunningNetra> {
  const netra = await startNetra({ data, ...(port === undefined ? {} : { port }) })
  onTestFinished(() => void netra.process.kill('SIGKILL'))
  return netra
}

type Ended = { code: number | null; out: string; err: string }

async function up(args: string[], options: { env?: Record<string, string>; as?: number } = {}): Promise<Ended> {
  const ended = startAs(options.as, args, options.env)
  const [code] = (await once(ended.child, 'close')) as [number | null]
  return { code, out: ended.out(), err: ended.err() }
}

function startAs(user: number | undefined, args: string[], env: Record<string, string> = {}, detached = false) {
  const asUser = user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--']
  const [file, ...rest] = [...asUser, join(root, 'netra'), 'up', ...args] as [string, ...string[]]
  const child: ChildProcess = spawn(file, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return { child, out: () => out, err: () => err }
}

describe('a start', () => {
  test('tells its steps as JSON lines, writes who and where for its owner only, and stops with 0', async () => {
    const port = await freePort()
    const { child, out, err } = startAs(undefined, ['--json', '--data', data, '--port', String(port)])
    await until(async () => out().includes('"ready"') || child.exitCode !== null, 100_000)
    const lines = jsonLines(out())

    expect(lines.filter((each) => each['event'] === 'starting').map((each) => each['step'])).toEqual(
      expect.arrayContaining(['data', 'listener', 'postgres', 'clickhouse', 'services']),
    )
    expect(lines.at(-1)).toMatchObject({ event: 'ready', url: `http://127.0.0.1:${port}`, data })
    expect(err()).toBe('')
    const server = JSON.parse(await readFile(join(data, 'server.json'), 'utf8'))
    expect(server).toEqual({ url: `http://127.0.0.1:${port}`, pid: child.pid, startedAt: expect.any(String) })
    const owner = JSON.parse(await readFile(join(data, 'owner.json'), 'utf8'))
    expect(Object.keys(owner).sort()).toEqual(['email', 'organizationId', 'password'])
    for (const file of ['server.json', 'owner.json']) expect((await stat(join(data, file))).mode & 0o777).toBe(0o600)
    expect((await stat(data)).mode & 0o777).toBe(0o700)
    const health = (await (await fetch(`${server.url}/health`)).json()) as object
    expect(health).toMatchObject({
      status: 'ok',
      services: { auth: 'ready', chat: 'ready', analytics: 'ready', postgres: 'running', clickhouse: 'running' },
    })
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('process_cpu_seconds_total')

    child.kill('SIGTERM')

    expect(await once(child, 'exit')).toEqual([0, null])
    await expect(stat(join(data, 'server.json'))).rejects.toThrow('ENOENT')
  })

  test('a second time is quick, and the owner signs in with the password of the first', async () => {
    const first = await start()
    await first.kill('SIGTERM')
    const startedAt = performance.now()
    const second = await start(first.port)
    console.log(`warm start: ${Math.round(performance.now() - startedAt)} ms`)

    expect(second.owner).toEqual(first.owner)
    expect((await signInOverHttp(second.url, second.owner)).token).toMatch(/^ey/)
  })
})

describe('a stop', () => {
  test('by Ctrl+C, which the terminal sends to everything, ends in order', async () => {
    const { child, out } = startAs(undefined, ['--json', '--data', data, '--port', '0'], {}, true)
    await until(async () => out().includes('"ready"') || child.exitCode !== null, 100_000)
    const children = await descendantsOf(child.pid as number)

    process.kill(-(child.pid as number), 'SIGINT')

    expect(await once(child, 'exit')).toEqual([0, null])
    for (const { pid } of children) expect(await isRunning(pid)).toBe(false)
    expect(await readFile(join(data, 'logs/apex.log'), 'utf8')).not.toContain('process died')
  })

  test('comes whether or not anybody still reads the progress', async () => {
    const { child, out } = startAs(undefined, ['--json', '--data', data, '--port', '0'])
    await until(async () => out().includes('"ready"') || child.exitCode !== null, 100_000)
    child.stdout?.destroy()
    child.stderr?.destroy()

    child.kill('SIGTERM')

    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

describe('what prevents a start', () => {
  test('its folder is in use: 4, with the process and address that hold it', async () => {
    const running = await start()
    const { code, out } = await up(['--json', '--data', data, '--port', '0'])

    expect(code).toBe(4)
    expect(jsonLines(out).at(-1)).toMatchObject({
      event: 'failed',
      exitCode: 4,
      message: expect.stringMatching(new RegExp(`process ${running.process.pid} .*${running.url}`)),
    })
    expect((await fetch(`${running.url}/health`)).status).toBe(200)
  })

  test('its port is taken: 4, at once, with the way out', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as { port: number }
    const { code, err, out } = await up(['--data', data, '--port', String(port)])

    expect(code).toBe(4)
    expect(err).toMatch(new RegExp(`Port ${port} .*taken.*--port`))
    expect(out).toBe('')
    expect(err).not.toContain('PostgreSQL')
  })

  test('its command line: 2; its configuration: 3 with every problem, and nothing is made', async () => {
    expect(await up(['--port', 'x'])).toMatchObject({ code: 2, out: '' })
    const env = { DATABASE_URL: 'mysql://a', LOG_LEVEL: 'loud', AUTH_SECRET: 'short' }
    const { code, err } = await up(['--data', data, '--port', '0'], { env })

    expect(code).toBe(3)
    for (const name of Object.keys(env)) expect(err).toContain(name)
    await expect(stat(data)).rejects.toThrow('ENOENT')
    expect(await up(['--data', data, '--host', '0.0.0.0'])).toMatchObject({
      code: 3,
      err: expect.stringMatching(/TLS/),
    })
  })
})

test('kill -9 leaves no process, and the next start has everything', async () => {
  const first = await start()
  const children = await descendantsOf(first.process.pid as number)
  expect(children.map((each) => each.name)).toContain('postgres')
  expect(children.length).toBeGreaterThan(5)

  await first.kill('SIGKILL')
  const again = startNetra({ data, port: first.port })

  for (const { pid } of children) await until(async () => !(await isRunning(pid)))
  const second = await again
  onTestFinished(() => void second.process.kill('SIGKILL'))
  expect((await signInOverHttp(second.url, first.owner)).token).toMatch(/^ey/)
})

test('a store that dies alone is started again under the running server', async () => {
  const netra = await start()
  const children = await descendantsOf(netra.process.pid as number)
  for (const { pid, name } of children) if (name === 'postgres') process.kill(pid, 'SIGKILL')

  await until(async () => {
    const { status } = (await (await fetch(`${netra.url}/health`)).json()) as { status: string }
    return status === 'ok' && (await signInOverHttp(netra.url, netra.owner).catch(() => null)) !== null
  }, 20_000)
})

test.runIf(process.getuid?.() === 0).each([
  ['an ordinary user', 65_534],
  ['a user the system has no name for', 23_456],
])('%s starts it from a checkout of root in a home of its own', async (_who, user) => {
  const home = join(folder.path, 'home')
  await chmod(folder.path, 0o711)
  await mkdir(home, { mode: 0o700 })
  await chown(home, user, user)
  const own = join(home, 'data')
  const { child, out, err } = startAs(user, ['--json', '--data', own, '--port', '0'], { HOME: home })
  await until(async () => out().includes('"ready"') || child.exitCode !== null, 100_000)

  expect(jsonLines(out()).at(-1), err()).toMatchObject({ event: 'ready' })
  expect((await stat(join(own, 'postgres/data'))).uid).toBe(user)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test.runIf(process.getuid?.() === 0)('a folder of somebody else is refused in words', async () => {
  await chmod(folder.path, 0o777)
  await mkdir(data, { mode: 0o755 })
  const { code, err } = await up(['--data', data, '--port', '0'], { as: 23_456, env: { HOME: folder.path } })

  expect(code).toBe(4)
  expect(err).toMatch(/belongs to user 0/)
})
