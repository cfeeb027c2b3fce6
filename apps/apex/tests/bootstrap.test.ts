import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../../netra', import.meta.url))
const printItself = `console.log(JSON.stringify({ file: import.meta.filename.split('/').slice(-4).join('/'), args: process.argv.slice(2), cwd: process.cwd() }))`

let root: string
let bin: string

// A checkout in miniature with an npm that notes each call and lays down a Node; the script under test is the real one.
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'netra-'))
  bin = join(root, 'stub-bin')
  for (const folder of ['apps/cli/src', 'apps/apex/src', 'packages/kit', 'services/auth', 'stub-bin']) {
    await mkdir(join(root, folder), { recursive: true })
  }
  await copyFile(script, join(root, 'netra'))
  await writeFile(join(root, 'package.json'), '{"type":"module"}')
  await writeFile(join(root, 'package-lock.json'), '{}')
  await writeFile(join(root, 'packages/kit/package.json'), '{"type":"module"}')
  await writeFile(join(root, 'apps/cli/src/main.ts'), printItself)
  await writeFile(join(root, 'apps/apex/src/main.ts'), printItself)
  await command('node', 'echo v20.11.0')
  await command(
    'npm',
    `echo "$@" >>"${root}/npm-calls"; sleep 0.3; mkdir -p node_modules/node/bin; ln -sf "${process.execPath}" node_modules/node/bin/node; echo installed`,
  )
})

afterEach(() => rm(root, { recursive: true }))

async function command(name: string, body: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${body}\n`)
  await chmod(join(bin, name), 0o755)
}

type Outcome = { code: number; out: string; err: string }

function netra(args: string[], options: { path?: string; file?: string; cwd?: string } = {}): Promise<Outcome> {
  const { path = `${bin}:/usr/bin:/bin`, file = join(root, 'netra'), cwd = root } = options
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env: { PATH: path, HOME: root } }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })
}

async function npmCalls(): Promise<number> {
  return readFile(join(root, 'npm-calls'), 'utf8').then(
    (text) => text.trim().split('\n').length,
    () => 0,
  )
}

describe('the first start', () => {
  test('installs once, says so on the error stream only, and hands the arguments on unchanged', async () => {
    const first = await netra(['ask', 'where does "it" go?', '--json'], { cwd: tmpdir() })
    const second = await netra(['ask'])

    expect(first.code).toBe(0)
    expect(JSON.parse(first.out)).toEqual({
      file: 'apps/cli/src/main.ts',
      args: ['ask', 'where does "it" go?', '--json'],
      cwd: tmpdir(),
    })
    expect(first.err).toContain('installing dependencies')
    expect(second.err).toBe('')
    expect(await npmCalls()).toBe(1)
  })

  test('two at once install once', async () => {
    const outcomes = await Promise.all([netra(['a']), netra(['b']), netra(['c'])])

    expect(outcomes.map((each) => each.code)).toEqual([0, 0, 0])
    expect(await npmCalls()).toBe(1)
  })

  test('a lock left by a killed start is taken over', async () => {
    await mkdir(join(root, 'node_modules/.netra/installing'), { recursive: true })
    await writeFile(join(root, 'node_modules/.netra/installing/pid'), '999999999')

    expect((await netra(['a'])).code).toBe(0)
  })

  test('a failing install ends with 4 and names the file that holds its output', async () => {
    await command('npm', 'echo "npm error the registry is away"; exit 1')
    const { code, err } = await netra(['a'])

    expect(code).toBe(4)
    expect(err).toContain('the registry is away')
    const log = /\/\S+install\.log/.exec(err)?.[0] ?? ''
    expect(await readFile(log, 'utf8')).toContain('the registry is away')
    expect((await netra(['a'])).code).toBe(4)
  })
})

describe('what it needs', () => {
  test('without Node it ends with 4 and says what to install', async () => {
    await rm(join(bin, 'node'))
    for (const tool of ['sh', 'dirname', 'readlink', 'cksum', 'cat', 'uname'])
      await symlink(`/usr/bin/${tool}`, join(bin, tool))
    const { code, err, out } = await netra(['a'], { path: bin })

    expect(code).toBe(4)
    expect(err).toMatch(/Node\.js was not found.*20 or later/)
    expect(out).toBe('')
  })

  test.each(['v18.20.4', 'v8.0.0'])('Node %s is too old', async (version) => {
    await command('node', `echo ${version}`)
    const { code, err } = await netra(['a'])

    expect(code).toBe(4)
    expect(err).toContain(`Node ${version} is too old`)
  })
})

test('a changed lock or manifest installs again', async () => {
  await netra(['a'])
  await writeFile(join(root, 'package-lock.json'), '{"changed":true}')
  await netra(['a'])
  await writeFile(join(root, 'packages/kit/package.json'), '{"type":"module","version":"2.0.0"}')
  await netra(['a'])
  await netra(['a'])

  expect(await npmCalls()).toBe(3)
})

test('finds its own folder through symbolic links', async () => {
  const elsewhere = join(root, 'elsewhere')
  await mkdir(elsewhere)
  await symlink('../netra', join(elsewhere, 'relative'))
  await symlink(join(elsewhere, 'relative'), join(elsewhere, 'twice'))

  const { code, out } = await netra(['a'], { file: join(elsewhere, 'twice'), cwd: elsewhere })

  expect({ code, args: JSON.parse(out).args }).toEqual({ code: 0, args: ['a'] })
})

test('up becomes the server itself; its help is the command line’s', async () => {
  const up = await netra(['up', '--port', '0'])
  const help = await netra(['up', '--help'])

  expect(JSON.parse(up.out)).toMatchObject({ file: 'apps/apex/src/main.ts', args: ['--port', '0'] })
  expect(JSON.parse(help.out)).toMatchObject({ file: 'apps/cli/src/main.ts', args: ['up', '--help'] })
})
