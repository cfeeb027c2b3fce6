import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createLog } from '../../src/log.ts'

export const silentLog = createLog({ service: 'test', level: 'silent' })

/** An empty folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kit-store-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export type Owner = { process: ChildProcess; url: string; pid: number; error?: { name: string; message: string } }

/** Starts another process that owns the store, and waits for what it says first. */
export async function startOwner(store: 'postgres' | 'clickhouse', folder: string): Promise<Owner> {
  const script = fileURLToPath(new URL('store-owner.ts', import.meta.url))
  const child = spawn(process.execPath, [script, store, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  for await (const line of createInterface({ input: child.stdout })) return { process: child, ...JSON.parse(line) }
  throw new Error('the owner ended without a word')
}

/** Waits until `condition` holds, and says so when it never does. */
export async function eventually(condition: () => Promise<boolean>, { withinMs = 15_000 } = {}): Promise<number> {
  const started = performance.now()
  while (!(await condition())) {
    if (performance.now() - started > withinMs) throw new Error(`did not become true within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return performance.now() - started
}

/** Whether a process still runs; one that ended but was not reaped does not. */
export async function runs(pid: number): Promise<boolean> {
  try {
    return !/^State:\s+[ZX]/m.test(await readFile(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Disposes of the value when the test ends, in the reverse order of the calls. */
export function untilTestEnds<T extends AsyncDisposable>(value: T): T {
  onTestFinished(() => value[Symbol.asyncDispose]())
  return value
}
