import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { createLog, type Log, type LogLevel } from '@apex/kit/log'

const largestBytes = 50 * 1024 * 1024

/** A log in a file of its owner only, so that the terminal stays readable; the previous one is kept when it is large. */
export function openLogFile(path: string, level: LogLevel): { log: Log } & Disposable {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > largestBytes) renameSync(path, `${path}.1`)
  const file = openSync(path, 'a', 0o600)
  let open = true
  // What still ends after a failed start may have something to say, and nowhere to say it.
  const write = (line: string): void => void (open && writeSync(file, line))
  return {
    log: createLog({ service: 'apex', level, destination: { write } }),
    [Symbol.dispose]: () => {
      open = false
      closeSync(file)
    },
  }
}
