import { createHash } from 'node:crypto'
import { access, constants, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { spawnBoundChild, systemPath } from '@apex/kit/process/bound-child'
import { childExit, describeExit } from '@apex/kit/process/child-exit'
import { OutputTail } from '@apex/kit/process/output-tail'
import { EnvironmentError } from './start-error.ts'

export type WebBuildOptions = {
  /** The checkout. */
  root: string
  /** Where to build when the checkout belongs to somebody else. */
  ownFolder: string
  /** Told before a build, which takes a few seconds. */
  onBuild: () => void
  /** Ends a build under way. */
  signal: AbortSignal
}

const stampFile = '.stamp'

/** Returns the folder of the built pages, building them first when they are missing or older than their sources. */
export async function buildWeb({ root, ownFolder, onBuild, signal }: WebBuildOptions): Promise<string> {
  const shared = join(root, 'apps/web/dist')
  const stamp = await hashSources(root)
  for (const folder of [shared, ownFolder]) if ((await readStamp(folder)) === stamp) return folder
  onBuild()
  const folder = (await isWritable(dirname(shared))) ? shared : ownFolder
  const draft = `${folder}.${process.pid}`
  try {
    await runVite(join(root, 'apps/web'), draft, signal)
    await writeFile(join(draft, stampFile), stamp)
    // Another start may have built the same meanwhile, and be reading it.
    if ((await readStamp(folder)) !== stamp) await replaceFolder(folder, draft)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}

async function hashSources(root: string): Promise<string> {
  const folders = ['apps/web', 'packages/protocol/src', 'packages/client/src']
  const listed = await Promise.all(folders.map((each) => listSources(join(root, each))))
  const files = [...listed.flat(), join(root, 'package-lock.json')].sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${relative(root, file)}\0`).update(await readFile(file))
  return hash.digest('hex')
}

const notSources = new Set(['node_modules', 'dist', 'tests'])

async function listSources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const nested = await Promise.all(
    entries.map(async (each) => {
      const path = join(folder, each.name)
      if (each.isFile()) return /\.test\.tsx?$/.test(each.name) ? [] : [path]
      return each.isDirectory() && !notSources.has(each.name) && !each.name.startsWith('dist.') ? listSources(path) : []
    }),
  )
  return nested.flat()
}

async function readStamp(folder: string): Promise<string | undefined> {
  return readFile(join(folder, stampFile), 'utf8').catch(() => undefined)
}

async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
}

async function runVite(folder: string, outDir: string, signal: AbortSignal): Promise<void> {
  const vite = join(dirname(createRequire(join(folder, 'package.json')).resolve('vite/package.json')), 'bin/vite.js')
  const child = spawnBoundChild({
    command: process.execPath,
    // The native loader writes nothing beside the configuration, which may be somebody else's folder.
    args: [vite, 'build', '--configLoader', 'native', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
    cwd: folder,
    env: { PATH: systemPath, NODE_ENV: 'production', NO_COLOR: '1' },
    deathSignal: 'SIGKILL',
  })
  child.stdin?.end()
  const end = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', end, { once: true })
  const tail = new OutputTail({ limit: 60 })
  tail.follow(child.stdout, () => undefined)
  tail.follow(child.stderr, () => undefined)
  const exit = await childExit(child)
  signal.removeEventListener('abort', end)
  if (exit.code === 0) return
  throw new EnvironmentError('web_build_failed', `vite ended with ${describeExit(exit)}: ${tail.text()}`)
}

async function replaceFolder(folder: string, draft: string): Promise<void> {
  const old = `${draft}.old`
  await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(draft, folder)
  await rm(old, { recursive: true, force: true })
}
