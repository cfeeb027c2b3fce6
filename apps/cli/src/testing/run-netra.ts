import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const MAIN = resolve(import.meta.dirname, '../main.ts')

/** One run of the real script with pipes, as a shell would start it. */
export class Netra {
  readonly child: ChildProcess
  /** How the process ended. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>
  stdout = ''
  stderr = ''

  constructor(
    args: readonly string[],
    options: { cwd: string; env?: Record<string, string>; input?: string | Buffer },
  ) {
    const { PATH = '' } = process.env
    this.child = spawn(process.execPath, [MAIN, ...args], {
      cwd: options.cwd,
      env: { PATH, HOME: options.cwd, XDG_CONFIG_HOME: `${options.cwd}/config`, ...options.env },
    })
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()))
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()))
    this.child.stdin?.end(options.input ?? '')
    this.ended = new Promise((done) => {
      this.child.on('close', (code) => done({ code, stdout: this.stdout, stderr: this.stderr }))
    })
  }

  /** The JSON lines put out so far. */
  get lines(): Record<string, unknown>[] {
    return jsonLines(this.stdout)
  }
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** Waits until a condition holds; fails after ten seconds saying what it waited for. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  for (const giveUpAt = performance.now() + 10_000; !condition(); await sleep(10)) {
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain until ${what}.`)
  }
}
