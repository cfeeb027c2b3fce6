import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '../clock.ts'

/** Another live process holds the directory. `pid` is absent when the holder did not answer. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError'
  readonly code = 'directory_in_use'
  readonly directory: string
  readonly pid: number | undefined

  constructor(directory: string, pid: number | undefined) {
    const holder = pid ? `process ${pid}` : 'another process'
    super(
      `${directory} is in use by ${holder}. Two processes on one data folder would damage it. Stop that process or choose another folder.`,
    )
    this.directory = directory
    this.pid = pid
  }
}

const lockFile = 'lock-id'
const answerWaitMs = 1_000
/** A killed holder keeps the lock until the kernel has taken it apart. */
const dyingHolderMs = 3_000
const lookEveryMs = 50

/**
 * Takes a directory for this process alone until disposed. The lock is a socket the kernel removes with the process, so
 * it is never stale, not even after SIGKILL. It holds within one machine and one container.
 */
export async function lockDirectory(directory: string): Promise<AsyncDisposable> {
  const address = await socketAddress(directory)
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.end(String(process.pid))
  })
  await listenAlone(server, address, directory)
  server.unref()
  return {
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function listenAlone(server: Server, address: string, directory: string): Promise<void> {
  const deadline = performance.now() + dyingHolderMs
  for (;;) {
    try {
      return await listen(server, address)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
    const pid = await holderPid(address)
    if (pid || performance.now() > deadline) throw new DirectoryInUseError(directory, pid)
    // Where sockets are files, one that nobody answers was left behind by a killed process.
    if (process.platform !== 'linux') await rm(address, { force: true })
    await systemClock.sleep(lookEveryMs)
  }
}

// A random name: a guessable one could be taken by any other user of the machine.
async function socketAddress(directory: string): Promise<string> {
  const id = await lockId(join(directory, lockFile))
  return process.platform === 'linux' ? `\0${id}` : join(directory, 'lock.sock')
}

async function lockId(path: string): Promise<string> {
  const existing = await readLockId(path)
  if (existing) return existing
  const id = randomUUID()
  const draft = `${path}.${id}`
  await writeFile(draft, id, { mode: 0o600 })
  try {
    // Linking is atomic and refuses an existing name, so two first starts agree on one id.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return (await readLockId(path)) ?? id
}

async function readLockId(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function holderPid(path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ path })
    socket.setEncoding('utf8')
    socket.setTimeout(answerWaitMs, () => socket.destroy())
    socket.on('data', (chunk: string) => {
      text += chunk
    })
    socket.on('error', () => resolve(undefined))
    socket.on('close', () => resolve(Number.parseInt(text, 10) || undefined))
  })
}
