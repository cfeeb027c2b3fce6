import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Log } from '../log.ts'
import { spawnBoundChild, systemPath } from '../process/bound-child.ts'
import { childExit, describeExit, endChild } from '../process/child-exit.ts'
import { freeLoopbackPort } from '../process/free-port.ts'
import { OutputTail } from '../process/output-tail.ts'
import { SupervisedProcess } from '../process/supervised-process.ts'
import { EmbeddedStoreError } from './embedded-store-error.ts'
import { type OwnedStore, ownStore } from './own-store.ts'

export type EmbeddedClickHouseOptions = {
  /** Created with mode 0700 when absent. */
  dataDirectory: string
  log: Log
  /** `disk` flushes each insert before it is acknowledged; `none` leaves that to the system: for tests. */
  durability?: 'disk' | 'none'
}

/** A ClickHouse engine that lives and dies with this process; `url` is an http:// address for `createClient({ url })`. */
export type EmbeddedClickHouse = OwnedStore

const endSteps = [
  { signal: 'SIGTERM', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const
const startWithinMs = 60_000
const facade = fileURLToPath(new URL('clickhouse-facade.ts', import.meta.url))

/**
 * Starts chDB, the ClickHouse engine as a library, in a process of its own behind ClickHouse's HTTP interface, and keeps
 * it running on one address. Acknowledged inserts survive SIGKILL of everything, and with `disk` durability a loss of
 * power as far as the disk keeps its word. Not offered: sessions, users, binary insert formats, and results as they come
 * (an answer is complete before its first byte is sent, at most 1 GiB). Throws `EmbeddedStoreError` when the engine
 * cannot run here and `DirectoryInUseError` when another process has the folder.
 */
export async function startEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const { dataDirectory, durability = 'disk' } = options
  const log = options.log.child({ store: 'clickhouse' })
  const durable = durability === 'disk'
  return ownStore(dataDirectory, async () => {
    const port = await freeLoopbackPort()
    const orders = { dataDirectory, port, secret: randomBytes(32).toString('base64url'), durable }
    const supervised = new SupervisedProcess({
      name: 'clickhouse',
      log,
      launch: (signal) => launchFacade(orders, log, signal),
      end: (child) => endChild(child, endSteps),
    })
    return { url: `http://default:${orders.secret}@127.0.0.1:${port}`, supervised }
  })
}

type Orders = { dataDirectory: string; port: number; secret: string; durable: boolean }
type FirstWord = { ready?: true; failure?: string }

async function launchFacade(orders: Orders, log: Log, signal: AbortSignal): Promise<ChildProcess> {
  const child = spawnBoundChild({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', facade],
    env: { PATH: systemPath, TZ: 'UTC', LC_ALL: 'C', UV_THREADPOOL_SIZE: '16' },
    deathSignal: 'SIGKILL',
  })
  // Kept open: its end tells the engine that we are gone. Not in the arguments, which every user can read.
  child.stdin?.on('error', () => undefined)
  child.stdin?.write(`${JSON.stringify(orders)}\n`)
  const tail = new OutputTail()
  tail.follow(child.stderr, (line) => log.debug({ line }, 'clickhouse'))
  const failure = await firstFailure(child, signal)
  if (failure === undefined) return child
  await endChild(child, [{ signal: 'SIGKILL', waitMs: 5_000 }])
  signal.throwIfAborted()
  throw new EmbeddedStoreError('clickhouse', explain(failure, orders.dataDirectory, tail.text()), {
    output: tail.text(),
  })
}

async function firstFailure(child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
  const timer = new AbortController()
  const stop = AbortSignal.any([signal, timer.signal])
  try {
    return await Promise.race([
      firstWord(child),
      childExit(child).then((exit) => `its process ended with ${describeExit(exit)}`),
      delay(startWithinMs, `it did not answer within ${startWithinMs / 1_000} s`, { signal: stop }),
    ])
  } catch (error) {
    return (error as Error).message
  } finally {
    timer.abort()
  }
}

function firstWord(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (!child.stdout) return
    createInterface({ input: child.stdout }).once('line', (line) => {
      const word = JSON.parse(line) as FirstWord
      resolve(word.ready ? undefined : (word.failure ?? 'it gave no reason'))
    })
  })
}

function explain(failure: string, folder: string, output: string): string {
  const lines = output ? ` Its last lines:\n${output}` : ''
  if (/native binding|libchdb|chdb_node|GLIBC/i.test(failure)) {
    return (
      `The embedded ClickHouse cannot run on this machine: its library could not be loaded (${failure}). It needs ` +
      'Linux with glibc or macOS. Install the dependencies again, or set CLICKHOUSE_URL to a ClickHouse of your own.'
    )
  }
  return (
    `The embedded ClickHouse did not start on ${folder}: ${failure}. Check that the folder is writable, the disk not ` +
    `full and that nothing else uses it, or set CLICKHOUSE_URL to a ClickHouse of your own.${lines}`
  )
}
