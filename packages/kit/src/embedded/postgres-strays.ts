import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import { EmbeddedStoreError } from './embedded-store-error.ts'

const lookEveryMs = 50
const quitAfterMs = 1_000
const killAfterMs = 4_000
const giveUpAfterMs = 15_000

/**
 * Waits until no process of an earlier Postgres works in the data folder, ending those that stay. The caller holds the
 * folder's lock, so whatever still runs there was left behind by a killed owner and would keep its shared memory.
 */
export async function clearStrays(dataFolder: string, log: Log, clock: Clock = systemClock): Promise<void> {
  const pidFile = join(dataFolder, 'postmaster.pid')
  const pid = await postmasterPid(pidFile)
  if (process.platform !== 'linux' || pid === undefined) return
  await endStrays(await realpath(dataFolder), log, clock)
  // Nothing works in the folder, yet the number is in use: a process that was never reaped, or another program since.
  // Postgres would take it for a live postmaster and refuse.
  if (isTaken(pid)) await rm(pidFile, { force: true })
}

async function endStrays(folder: string, log: Log, clock: Clock): Promise<void> {
  const startedMs = clock.nowMs()
  let sent: NodeJS.Signals | undefined
  for (;;) {
    const strays = await processesWorkingIn(folder)
    if (strays.length === 0) return
    const waitedMs = clock.nowMs() - startedMs
    if (waitedMs > giveUpAfterMs) {
      throw new EmbeddedStoreError(
        'postgres',
        `Processes of an earlier PostgreSQL still run in ${folder} (${strays.join(', ')}) and did not end when ` +
          'killed. A second one would damage the data. Restart the machine, or choose another data folder.',
      )
    }
    const signal = waitedMs > killAfterMs ? 'SIGKILL' : waitedMs > quitAfterMs ? 'SIGQUIT' : undefined
    if (signal && signal !== sent) {
      sent = signal
      log.warn({ pids: strays, signal }, 'ending processes of an earlier postgres')
      for (const pid of strays) signalQuietly(pid, signal)
    }
    await clock.sleep(lookEveryMs)
  }
}

/** Process ids whose working directory is the folder; every Postgres process works in its data folder. */
export async function processesWorkingIn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map(async (pid) => ((await worksIn(pid, folder)) ? Number(pid) : undefined)))
  return found.filter((pid) => pid !== undefined)
}

async function worksIn(pid: string, folder: string): Promise<boolean> {
  try {
    if ((await readlink(`/proc/${pid}/cwd`)) !== folder) return false
    const name = await readFile(`/proc/${pid}/comm`, 'utf8')
    return name.trim() === 'postgres'
  } catch {
    return false
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function postmasterPid(path: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(path, 'utf8'), 10) || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
