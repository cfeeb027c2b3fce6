import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../log.ts'
import { spawnBoundChild, systemPath } from '../process/bound-child.ts'
import { childExit, describeExit } from '../process/child-exit.ts'
import { OutputTail } from '../process/output-tail.ts'
import { EmbeddedStoreError } from './embedded-store-error.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'

/** The superuser of an embedded cluster; it is reachable only from this machine and only with the password. */
export const clusterUser = 'postgres'
export const clusterDatabase = 'postgres'

/** The whole environment of a Postgres process: no PG* variable of ours may steer it. */
export const clusterEnvironment = { PATH: systemPath, LC_ALL: 'C', TZ: 'UTC' } as const

export type PostgresCluster = { dataFolder: string; password: string }

export type ClusterOptions = { directory: string; binaries: PostgresBinaries; log: Log; durable: boolean }

/** Opens the cluster in `directory`, creating it (UTF-8, locale C.UTF-8, random password) on first use. */
export async function openCluster(options: ClusterOptions): Promise<PostgresCluster> {
  const { directory } = options
  const dataFolder = join(directory, 'data')
  const passwordFile = join(directory, 'password')
  if (!(await isCluster(dataFolder))) await createCluster({ ...options, dataFolder, passwordFile })
  try {
    return { dataFolder, password: (await readFile(passwordFile, 'utf8')).trim() }
  } catch (cause) {
    throw new EmbeddedStoreError(
      'postgres',
      `The password of the embedded PostgreSQL cannot be read from ${passwordFile}, so its data cannot be opened. ` +
        'Restore that file from a backup, or move the folder away to start empty.',
      { cause },
    )
  }
}

async function isCluster(folder: string): Promise<boolean> {
  return stat(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

async function createCluster(options: ClusterOptions & { dataFolder: string; passwordFile: string }): Promise<void> {
  const { directory, binaries, log, durable, dataFolder, passwordFile } = options
  // Made aside and renamed, so that a start killed half-way leaves nothing that looks like a cluster.
  const draft = join(directory, 'data.new')
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await writeFile(passwordFile, randomBytes(32).toString('base64url'), { mode: 0o600 })
  await chmod(passwordFile, 0o600)
  const child = spawnBoundChild({
    command: binaries.initdb,
    args: [
      `--pgdata=${draft}`,
      `--username=${clusterUser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(durable ? [] : ['--no-sync']),
    ],
    env: clusterEnvironment,
    deathSignal: 'SIGKILL',
    prefix: binaries.prefix,
  })
  const tail = new OutputTail()
  tail.follow(child.stdout, (line) => log.debug({ line }, 'initdb'))
  tail.follow(child.stderr, (line) => log.debug({ line }, 'initdb'))
  const exit = await childExit(child)
  if (exit.code !== 0) {
    throw new EmbeddedStoreError(
      'postgres',
      `The embedded PostgreSQL could not create its data in ${directory} (initdb ended with ${describeExit(exit)}). ` +
        `Check that the folder is writable and the disk not full. Last lines:\n${tail.text()}`,
      { output: tail.text() },
    )
  }
  await rename(draft, dataFolder)
}
