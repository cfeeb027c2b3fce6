import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { Category } from './categories.ts'
import { type Count, countScript, countVitest, NOTHING } from './count.ts'

/** The checkout this command belongs to. */
export const ROOT = resolve(import.meta.dirname, '../../../..')

/** Runs one category in `root`, showing its output, and counts it. A category without a single test has failed. */
export async function runCategory(category: Category, output: Writable, root = ROOT): Promise<Count> {
  const { run } = category
  const count = 'script' in run ? await runScript(run.script, output, root) : await runVitest(run, output, root)
  if (count.passed + count.failed > 0) return count
  output.write(`netra: the category ${category.name} has no test that ran, which counts as a failure\n`)
  return { ...count, failed: 1 }
}

async function runScript(script: string, output: Writable, root: string): Promise<Count> {
  const { code, text } = await start([script], output, root)
  return countScript(text, code)
}

async function runVitest(run: { vitest: string; folders: readonly string[] }, output: Writable, root: string) {
  const folder = await mkdtemp(join(tmpdir(), 'netra-test-'))
  const result = join(folder, 'result.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${result}`]
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  try {
    const { code } = await start([vitest, 'run', '--project', run.vitest, ...reporters, ...run.folders], output, root)
    return await readResult(result, code)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Vitest that could not even write its result has failed; an exit code other than 0 is never a success. */
async function readResult(path: string, code: number): Promise<Count> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return { ...NOTHING, failed: 1 }
  const count = countVitest(JSON.parse(text))
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

function start(args: string[], output: Writable, root: string): Promise<{ code: number; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    const show = (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-10_000)
      output.write(chunk)
    }
    child.stdout.on('data', show)
    child.stderr.on('data', show)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, text }))
  })
}
