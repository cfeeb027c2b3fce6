import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const ServerFile = z.object({ url: z.string() })
const OwnerFile = z.object({ email: z.string(), password: z.string() })
const SessionFile = z.object({ url: z.string(), email: z.string(), sessionToken: z.string() })

/** The data folder of a server on this machine, as far as a client may use it. */
export class DataFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** The folder named, else `.netra` here, else that of the checkout this command belongs to; undefined when none is there. */
  static find(cwd: string, named: string | undefined): DataFolder | undefined {
    if (named !== undefined) return new DataFolder(resolve(cwd, named))
    const checkout = resolve(import.meta.dirname, '../../../..')
    const path = [cwd, checkout].map((folder) => join(folder, '.netra')).find((folder) => existsSync(folder))
    return path === undefined ? undefined : new DataFolder(path)
  }

  /** Where the running server listens; undefined when none runs. */
  async url(): Promise<string | undefined> {
    return (await readPrivateFile(join(this.path, 'server.json'), ServerFile))?.url
  }

  /** The account that the first start made. */
  owner(): Promise<z.output<typeof OwnerFile> | undefined> {
    return readPrivateFile(join(this.path, 'owner.json'), OwnerFile)
  }

  /** The session of an earlier command on this server, so that not every command makes a new one. */
  async session(url: string): Promise<string | undefined> {
    const kept = await readPrivateFile(join(this.path, 'cli-session.json'), SessionFile)
    return kept?.url === url ? kept.sessionToken : undefined
  }

  async saveSession(session: z.output<typeof SessionFile>): Promise<void> {
    await writePrivateFile(join(this.path, 'cli-session.json'), session)
  }
}
