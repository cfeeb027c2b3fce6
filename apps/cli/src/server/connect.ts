import { createSignedInClient } from '@apex/client/access-token'
import { ApiError } from '@apex/client/errors'
import { createHttpClient, type HttpClient } from '@apex/client/http-client'
import type { FetchLike } from '@apex/client/request'
import { SignIn } from '@apex/protocol/endpoints/auth/sign-in'
import { CommandError, EXIT } from '../exit.ts'
import type { Terminal } from '../terminal.ts'
import { Credentials } from './credentials-file.ts'
import { DataFolder } from './data-folder.ts'

/** How a command was told where the server is. */
export type ServerOptions = { data?: string; url?: string; apiKey?: string }

/** A server to talk to, as somebody. */
export type Connection = { url: string; http: HttpClient }

type Context = { terminal: Terminal; fetch: FetchLike }

/**
 * Finds the server and signs in: `--url` with an API key or an earlier login, else the data folder's server as its
 * owner, else the server last logged in to. Throws CommandError saying what is missing and how to supply it.
 */
export async function connect(context: Context, options: ServerOptions): Promise<Connection> {
  const { terminal, fetch } = context
  const apiKey = options.apiKey ?? terminal.env['NETRA_API_KEY']
  if (options.url !== undefined) {
    const url = parseServerUrl(options.url)
    return apiKey ? connectWithKey(fetch, url, apiKey) : connectWithLogin(context, url)
  }
  const folder = DataFolder.find(terminal.cwd, options.data)
  const url = await folder?.url()
  if (folder && url !== undefined) {
    return apiKey ? connectWithKey(fetch, url, apiKey) : connectAsOwner(fetch, folder, url)
  }
  if (options.data === undefined && (await new Credentials(terminal).find())) return connectWithLogin(context)
  throw nothingFound(folder)
}

/** The address of the server a command means, without signing in; undefined when none is known. */
export async function findServerUrl({ cwd }: Terminal, options: ServerOptions): Promise<string | undefined> {
  if (options.url !== undefined) return parseServerUrl(options.url)
  return DataFolder.find(cwd, options.data)?.url()
}

/** The origin of an address a person typed. */
function parseServerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin
  throw new CommandError(EXIT.usage, `--url ${text} is not an address. Write it like http://127.0.0.1:3000`)
}

async function connectWithKey(fetch: FetchLike, url: string, apiKey: string): Promise<Connection> {
  const authorize = async () => ({ authorization: `Bearer ${apiKey}` })
  return { url, http: createHttpClient({ baseUrl: url, fetch, authorize }) }
}

async function connectWithLogin({ terminal, fetch }: Context, url?: string): Promise<Connection> {
  const found = await new Credentials(terminal).find(url)
  if (!found) {
    throw new CommandError(EXIT.unauthorised, `Nobody is logged in to ${url}. Log in with: netra login --url ${url}`)
  }
  const http = await openSession(fetch, found.url, found.login.sessionToken)
  if (http) return { url: found.url, http }
  throw new CommandError(
    EXIT.unauthorised,
    `The login of ${found.login.email} on ${found.url} has ended. Log in again with: netra login --url ${found.url}`,
  )
}

async function connectAsOwner(fetch: FetchLike, folder: DataFolder, url: string): Promise<Connection> {
  const kept = await folder.session(url)
  const http = kept === undefined ? undefined : await openSession(fetch, url, kept)
  if (http) return { url, http }
  const owner = await folder.owner()
  if (!owner) {
    const message = `${folder.path} names no account to sign in with (owner.json). Log in with: netra login --url ${url}`
    throw new CommandError(EXIT.unauthorised, message)
  }
  const sessionToken = await signIn(fetch, url, owner)
  await folder.saveSession({ url, email: owner.email, sessionToken: sessionToken.token })
  return { url, http: createSignedInClient({ baseUrl: url, fetch, sessionToken: sessionToken.token }) }
}

/** Signs in with a password; throws CommandError when it is refused. */
export async function signIn(
  fetch: FetchLike,
  url: string,
  account: { email: string; password: string },
): Promise<{ token: string; expiresAt: string }> {
  const { email, password } = account
  const body = { email, password, transport: 'token' as const }
  const signedIn = await createHttpClient({ baseUrl: url, fetch }).call(SignIn, { body })
  if (signedIn.sessionToken === undefined) throw new CommandError(EXIT.failed, `${url} gave no session token.`)
  return { token: signedIn.sessionToken, expiresAt: signedIn.sessionExpiresAt }
}

/** A client for a kept session, or undefined when the server no longer knows the session. */
async function openSession(fetch: FetchLike, url: string, sessionToken: string): Promise<HttpClient | undefined> {
  const http = createSignedInClient({ baseUrl: url, fetch, sessionToken })
  try {
    await http.accessToken.get()
    return http
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return undefined
    throw error
  }
}

function nothingFound(folder: DataFolder | undefined): CommandError {
  if (folder) {
    const start = `Start it with: netra up --data ${folder.path}`
    return new CommandError(EXIT.unreachable, `No server runs on the data folder ${folder.path}. ${start}`)
  }
  return new CommandError(
    EXIT.unreachable,
    'No server was found: there is no .netra folder here and nobody is logged in anywhere. ' +
      'Start one with: netra up, or log in to one with: netra login --url URL',
  )
}
