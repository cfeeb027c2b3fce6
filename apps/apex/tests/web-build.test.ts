import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildWeb } from '../src/web-build.ts'
import { root as checkout } from './fixture/netra.ts'

// A checkout in miniature with the real vite.
let root: string
let builds: number

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'apex-web-'))
  builds = 0
  for (const folder of ['apps/web/src', 'packages/protocol/src', 'packages/client/src']) {
    await mkdir(join(root, folder), { recursive: true })
  }
  await symlink(join(checkout, 'node_modules'), join(root, 'node_modules'))
  await writeFile(join(root, 'package-lock.json'), '{}')
  await writeFile(join(root, 'packages/client/src/word.ts'), "export const word: string = 'first'\n")
  await writeFile(join(root, 'apps/web/package.json'), '{"type":"module"}')
  await writeFile(join(root, 'apps/web/vite.config.ts'), 'export default { root: import.meta.dirname }\n')
  await writeFile(join(root, 'apps/web/index.html'), '<script type="module" src="/src/main.ts"></script>\n')
  await writeFile(
    join(root, 'apps/web/src/main.ts'),
    "import { word } from '../../../packages/client/src/word.ts'\nconsole.log(word)\n",
  )
})
afterEach(() => rm(root, { recursive: true }))

async function build(signal = new AbortController().signal): Promise<string> {
  return buildWeb({ root, ownFolder: join(root, 'own'), signal, onBuild: () => (builds += 1) })
}

async function script(folder: string): Promise<string> {
  const [name = ''] = await readdir(join(folder, 'assets'))
  return readFile(join(folder, 'assets', name), 'utf8')
}

test('pages are built once, and again when a source of theirs changed', async () => {
  expect(await script(await build())).toContain('first')
  await build()
  expect(builds).toBe(1)

  await writeFile(join(root, 'packages/client/src/word.ts'), "export const word: string = 'second'\n")

  expect(await script(await build())).toContain('second')
  expect(builds).toBe(2)
})

test('a folder built elsewhere for the same sources is used as it is', async () => {
  const shared = await build()
  await mkdir(join(root, 'own'))
  await writeFile(join(root, 'own/.stamp'), await readFile(join(shared, '.stamp')))
  await rm(shared, { recursive: true })

  expect(await build()).toBe(join(root, 'own'))
  expect(builds).toBe(1)
})

test('a build that fails says why and leaves the pages that were there', async () => {
  const folder = await build()
  await writeFile(join(root, 'apps/web/src/main.ts'), "import './gone.ts'\n")

  await expect(build()).rejects.toThrow(/gone\.ts/)
  expect(await script(folder)).toContain('first')
  expect(await readdir(join(root, 'apps/web'))).toEqual(expect.not.arrayContaining([expect.stringMatching(/^dist\./)]))
})

test('a build that is no longer wanted ends', async () => {
  const unwanted = new AbortController()
  const building = buildWeb({
    root,
    ownFolder: join(root, 'own'),
    signal: unwanted.signal,
    onBuild: () => setTimeout(() => unwanted.abort(), 100),
  })

  await expect(building).rejects.toThrow(/SIGKILL/)
})
