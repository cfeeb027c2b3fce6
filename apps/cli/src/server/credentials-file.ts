import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Terminal } from '../terminal.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const Login = z.object({ email: z.string(), sessionToken: z.string(), expiresAt: z.string() })
const CredentialsFile = z.object({ current: z.string().nullable(), servers: z.record(z.string(), Login) })

/** A session that `netra login` made, kept until it is refused or logged out. */
export type Login = z.output<typeof Login>

/** The logins of the person by server address, in $XDG_CONFIG_HOME/netra/credentials.json. */
export class Credentials {
  readonly path: string

  constructor({ env }: Pick<Terminal, 'env'>) {
    const config = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config')
    this.path = join(config, 'netra', 'credentials.json')
  }

  /** The login for a server, or for the one last logged in to when none is named. */
  async find(url?: string): Promise<{ url: string; login: Login } | undefined> {
    const { current, servers } = await this.#read()
    const wanted = url ?? current
    const login = wanted === null ? undefined : servers[wanted]
    return wanted !== null && login ? { url: wanted, login } : undefined
  }

  async save(url: string, login: Login): Promise<void> {
    const { servers } = await this.#read()
    await writePrivateFile(this.path, { current: url, servers: { ...servers, [url]: login } })
  }

  async remove(url: string): Promise<void> {
    const { current, servers } = await this.#read()
    const { [url]: _, ...kept } = servers
    await writePrivateFile(this.path, { current: current === url ? null : current, servers: kept })
  }

  async #read(): Promise<z.output<typeof CredentialsFile>> {
    return (await readPrivateFile(this.path, CredentialsFile)) ?? { current: null, servers: {} }
  }
}
