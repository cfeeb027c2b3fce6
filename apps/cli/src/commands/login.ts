import { createInterface } from 'node:readline/promises'
import { CommandError, EXIT, type ExitCode } from '../exit.ts'
import { oneLine } from '../output/style.ts'
import { findServerUrl, signIn } from '../server/connect.ts'
import { Credentials } from '../server/credentials-file.ts'
import { say, type Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'
import { readPassword, readPasswordFrom } from './read-password.ts'

export type LoginOptions = { url?: string; email?: string; passwordStdin?: boolean }

/** Signs in with e-mail and password and keeps the session for later commands. */
export async function login({ terminal, fetch }: CommandContext, options: LoginOptions): Promise<ExitCode> {
  const url = await findServerUrl(terminal, options)
  if (url === undefined) {
    throw new CommandError(
      EXIT.usage,
      'No server was found here. Say which one: netra login --url http://127.0.0.1:3000',
    )
  }
  const email = options.email ?? (await askEmail(terminal, url))
  const password = options.passwordStdin ? await readPasswordFrom(terminal.stdin) : await readPassword(terminal)
  const { token: sessionToken, expiresAt } = await signIn(fetch, url, { email, password })
  const credentials = new Credentials(terminal)
  await credentials.save(url, { email, sessionToken, expiresAt })
  say(terminal, `Logged in to ${url} as ${oneLine(email)}. The session is kept in ${credentials.path}`)
  return EXIT.done
}

async function askEmail(terminal: Terminal, url: string): Promise<string> {
  if (terminal.stdin.isTTY !== true) {
    throw new CommandError(EXIT.usage, 'Say who logs in: --email you@example.com')
  }
  const lines = createInterface({ input: terminal.stdin, output: terminal.stderr })
  try {
    return (await lines.question(`E-mail for ${url}: `)).trim()
  } finally {
    lines.close()
  }
}
