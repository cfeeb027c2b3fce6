import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/**
 * Becomes the composed server: the process is replaced, so that whoever started it holds the server itself. Where that
 * is not possible the server runs as a child that gets every signal.
 */
export async function up(args: readonly string[]): Promise<number> {
  const program = resolve(import.meta.dirname, '../../../apex/src/main.ts')
  const argv = ['--disable-warning=ExperimentalWarning', program, ...args]
  if (process.platform !== 'win32' && typeof process.execve === 'function') {
    process.execve(process.execPath, [process.execPath, ...argv])
  }
  const child = spawn(process.execPath, argv, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? (signal === 'SIGINT' ? 130 : 1)
}
