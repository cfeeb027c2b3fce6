import { execFile } from 'node:child_process'
import { glob, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Begins a process by its nature. */
const ENTRY = /\/main\.ts$|\/clickhouse-facade\.ts$/

async function modules(): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob('{packages,services,apps}/*/src/**/*.ts', { cwd: root })) {
    const shipped = !/\.test\.ts$|\.d\.ts$|\/testing\/|^apps\/web\//.test(file)
    if (shipped && !ENTRY.test(file)) found.push(join(root, file))
  }
  return found.toSorted()
}

/** Imports the modules in a process of their own and says what keeps it from ending, and what they printed. */
async function importAll(files: readonly string[]): Promise<{ alive: string[]; printed: string }> {
  const imports = files.map((file) => `await import(${JSON.stringify(pathToFileURL(file).href)})`).join('\n')
  const script = `${imports}
    await new Promise((resolve) => setImmediate(resolve))
    const ours = (name) => !['PipeWrap', 'TTYWrap', 'FSReqPromise', 'CloseReq'].includes(name)
    process.stdout.write('\\n' + JSON.stringify(process.getActiveResourcesInfo().filter(ours)))
    process.exit()`
  const child = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script]
  const { stderr, stdout } = await promisify(execFile)(process.execPath, child, { cwd: root, timeout: 60_000 })
  const [printed = '', alive = '[]'] = stdout.split(/\n(?=[^\n]*$)/)
  return { alive: JSON.parse(alive) as string[], printed: printed + stderr }
}

test('no module starts a timer, a socket, a process or a word of output when it is imported', {
  timeout: 90_000,
}, async () => {
  const files = await modules()

  expect(files.length).toBeGreaterThan(300)
  expect(await importAll(files)).toEqual({ alive: [], printed: '' })
})

test('a module that does is noticed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apex-import-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'starts.ts')
  await writeFile(file, "setInterval(() => undefined, 1_000)\nconsole.log('hello')\n")

  expect(await importAll([file])).toEqual({ alive: ['Timeout'], printed: 'hello\n' })
})
