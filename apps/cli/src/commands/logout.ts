import { createHttpClient } from '@apex/client/http-client'
import { SignOut } from '@apex/protocol/endpoints/auth/sign-out'
import { CommandError, EXIT, type ExitCode } from '../exit.ts'
import { Credentials } from '../server/credentials-file.ts'
import { say } from '../terminal.ts'
import type { CommandContext } from './context.ts'

/** Ends the session of an earlier login, on the server and here. */
export async function logout({ terminal, fetch }: CommandContext, options: { url?: string }): Promise<ExitCode> {
  const credentials = new Credentials(terminal)
  const url = options.url === undefined || !URL.canParse(options.url) ? options.url : new URL(options.url).origin
  const found = await credentials.find(url)
  if (!found) throw new CommandError(EXIT.failed, `Nobody is logged in${url === undefined ? '' : ` to ${url}`}.`)
  await credentials.remove(found.url)
  const authorization = { authorization: `Bearer ${found.login.sessionToken}` }
  const http = createHttpClient({ baseUrl: found.url, fetch, authorize: async () => authorization })
  const ended = await http.call(SignOut, { attempts: 2 }).then(
    () => true,
    () => false,
  )
  const rest = ended ? '' : ' The server could not be told; the session ends there by itself.'
  say(terminal, `Logged out of ${found.url}.${rest}`)
  return EXIT.done
}
