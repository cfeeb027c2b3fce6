import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DirectoryInUseError, lockDirectory } from '@apex/kit/process/directory-lock'
import { z } from 'zod'
import { EnvironmentError } from './start-error.ts'

/** What a running start tells others in DIR/server.json. */
const ServerFile = z.object({ url: z.string(), pid: z.int(), startedAt: z.string() })
type ServerFile = z.output<typeof ServerFile>

/** The first account, kept in DIR/owner.json so that its owner can sign in. */
export const OwnerFile = z.object({ email: z.string(), password: z.string(), organizationId: z.string() })
export type OwnerFile = z.output<typeof OwnerFile>

const SecretsFile = z.record(z.string(), z.string().min(32))

/** The folder everything is kept in, held by this process alone until disposed. */
export class DataFolder implements AsyncDisposable {
  readonly path: string
  readonly #lock: AsyncDisposable

  private constructor(path: string, lock: AsyncDisposable) {
    this.path = path
    this.#lock = lock
  }

  /** Creates the folder with mode 0700 when absent and takes it; throws `EnvironmentError` saying who holds it. */
  static async open(path: string): Promise<DataFolder> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 })
      await refuseOccupied(path)
      await closeToOthers(path)
      return new DataFolder(path, await lockDirectory(path))
    } catch (error) {
      if (error instanceof DirectoryInUseError) throw await heldBy(path, error)
      if (error instanceof EnvironmentError) throw error
      throw unusable(path, error)
    }
  }

  join(...parts: string[]): string {
    return join(this.path, ...parts)
  }

  async writeServer(server: ServerFile): Promise<void> {
    await this.#write('server.json', server)
  }

  async readOwner(): Promise<OwnerFile | undefined> {
    return readJson(this.join('owner.json'), OwnerFile)
  }

  async writeOwner(owner: OwnerFile): Promise<void> {
    await this.#write('owner.json', owner)
  }

  /** A secret of this installation, made on first use and kept for its owner only. */
  async secret(name: string): Promise<string> {
    const secrets = (await readJson(this.join('secrets.json'), SecretsFile)) ?? {}
    const known = secrets[name]
    if (known) return known
    const secret = randomBytes(48).toString('base64url')
    await this.#write('secrets.json', { ...secrets, [name]: secret })
    return secret
  }

  async #write(name: string, value: object): Promise<void> {
    const path = this.join(name)
    const draft = `${path}.new`
    await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
    await chmod(draft, 0o600)
    await rename(draft, path)
  }

  /** Lets go of the folder; nobody finds a server there any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.join('server.json'), { force: true })
    await this.#lock[Symbol.asyncDispose]()
  }
}

/** What every start leaves in its folder, and what else may lie in one that is free. */
const OWN_MARK = 'lock-id'
const NOBODYS = /^(?:\..*|lost\+found)$/

// Taking a folder closes it to others: with /usr or somebody's documents that would do harm.
async function refuseOccupied(path: string): Promise<void> {
  const names = await readdir(path)
  if (names.includes(OWN_MARK)) return
  const foreign = names.find((name) => !NOBODYS.test(name))
  if (foreign === undefined) return
  throw new EnvironmentError(
    'data_occupied',
    `The folder ${path} holds other files (${foreign}) and none of Netra, so it was left as it is. ` +
      'Choose a new or an empty folder with --data DIR.',
  )
}

// The folder holds passwords and keys; only its owner may look inside.
async function closeToOthers(path: string): Promise<void> {
  const { mode, uid } = await stat(path)
  const user = process.getuid?.()
  if (user !== undefined && uid !== user) {
    throw new EnvironmentError(
      'data_foreign',
      `The data folder ${path} belongs to user ${uid}, but Netra runs as user ${user}. It keeps passwords and keys ` +
        'there, so it must own the folder. Run as that user, or choose another folder with --data.',
    )
  }
  if ((mode & 0o077) !== 0) await chmod(path, 0o700)
}

async function heldBy(path: string, error: DirectoryInUseError): Promise<EnvironmentError> {
  const server = await readJson(join(path, 'server.json'), ServerFile).catch(() => undefined)
  const pid = error.pid ?? server?.pid
  const who = pid === undefined ? 'another process' : `process ${pid}`
  const where = server && server.pid === pid ? ` and serves ${server.url}` : ''
  return new EnvironmentError(
    error.code,
    `The data folder ${path} is in use: ${who} holds it${where}. Two starts on one folder would damage the data. ` +
      'Use the running one, stop it, or choose another folder with --data.',
    { cause: error },
  )
}

function unusable(path: string, cause: unknown): EnvironmentError {
  return new EnvironmentError(
    'data_unusable',
    `The data folder ${path} cannot be used (${(cause as Error).message}). Everything is kept there. ` +
      'Choose a folder you may write to with --data DIR.',
    { cause },
  )
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
