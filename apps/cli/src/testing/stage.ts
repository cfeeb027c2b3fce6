import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ThreadLog } from '@apex/client/testing/thread-log'
import { onTestFinished } from 'vitest'
import { Netra } from './run-netra.ts'
import { Refusal, TestServer } from './test-server.ts'

const OWNER = { email: 'owner@example.com', password: 'a long enough password' }

/** A running test server with a data folder that names it, and the real command line beside it. */
export async function stage() {
  const folder = await mkdtemp(join(tmpdir(), 'netra-cli-'))
  const server = new TestServer()
  await server.start()
  const sessions = new Set<string>()
  addAuth(server, sessions)
  addThreads(server)
  await writeFile(join(folder, 'server.json'), JSON.stringify({ url: server.url, pid: 1, startedAt: 'now' }))
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ ...OWNER, organizationId: 'o-1' }))
  onTestFinished(async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const netra = (args: readonly string[], options: { input?: string | Buffer; env?: Record<string, string> } = {}) =>
    new Netra(args, { cwd: folder, ...options })
  return { server, folder, sessions, netra }
}

function addAuth({ handlers }: TestServer, sessions: Set<string>): void {
  let signedIn = 0
  const session = { id: 's-1', expiresAt: '2030-01-01T00:00:00.000Z' }
  const me = {
    user: { id: 'u-1', email: OWNER.email, name: 'Owner' },
    organization: { id: 'o-1', name: 'Acme' },
    role: 'owner',
    organizations: [],
    session,
  }
  handlers['signIn'] = ({ body }) => {
    const { email, password } = body as typeof OWNER
    if (email !== OWNER.email || password !== OWNER.password)
      throw new Refusal('unauthenticated', 'Wrong e-mail or password.')
    const sessionToken = `session-${++signedIn}`
    sessions.add(sessionToken)
    return { ...me, sessionToken, sessionExpiresAt: session.expiresAt }
  }
  handlers['mintToken'] = ({ token }) => {
    if (!token || !sessions.has(token)) throw new Refusal('session_ended', 'The session has ended.')
    return { accessToken: `access-of-${token}`, expiresAt: session.expiresAt }
  }
  handlers['signOut'] = ({ token }) => {
    sessions.delete(token ?? '')
    return {}
  }
}

function addThreads({ handlers, threads }: TestServer): void {
  const logOf = (threadId: string | undefined) => {
    const log = threads.logs.get(`thread:${threadId}`)
    if (!log) throw new Refusal('not_found', 'There is no such thread.')
    return log
  }
  handlers['createTicket'] = async () => ({ ticket: await threads.ticket(), expiresAt: TIME })
  handlers['listEvents'] = ({ params, query }) => {
    const { epoch, events } = logOf(params['threadId'])
    const after = Number(query['after'])
    return { epoch, head: events.length, events: events.slice(after, after + 5) }
  }
  handlers['getThread'] = ({ params }) => {
    const { epoch, events, threadId } = logOf(params['threadId'])
    const times = { createdAt: TIME, updatedAt: TIME }
    return { thread: { id: threadId, title: 'T', epoch, lastSeq: events.length, activeRunId: null, ...times } }
  }
  handlers['listMessages'] = ({ params }) => ({
    messages: logOf(params['threadId']).events.flatMap(({ messageId, runId, threadId, type }) =>
      messageId && (type === 'message_posted' || type === 'report_published')
        ? [
            {
              id: messageId,
              threadId,
              parentMessageId: null,
              runId: runId ?? null,
              createdAt: TIME,
              author: 'user',
              kind: 'question',
              text: 'x',
              figures: [],
            },
          ]
        : [],
    ),
  })
}

const TIME = '2026-01-01T00:00:00.000Z'

type StartRequest = {
  params: Record<string, string>
  body: { messageId: string; text: string; parentMessageId: string | null }
}

/** Lets the server accept runs: `write` puts into the log what is in it when the command is answered. */
export function acceptRuns(
  server: TestServer,
  write: (log: ThreadLog, body: StartRequest['body']) => string,
): StartRequest[] {
  const requests: StartRequest[] = []
  server.handlers['startRun'] = (request) => {
    const { body, params } = request as StartRequest
    requests.push({ body, params })
    const threadId = params['threadId'] ?? ''
    const log = server.threads.logs.get(`thread:${threadId}`) ?? new ThreadLog(threadId)
    server.threads.host(log)
    const runId = write(log, body)
    return { run: runOf(runId, threadId, body.messageId), seq: log.events.length }
  }
  return requests
}

export function runOf(runId: string, threadId: string, messageId: string) {
  return {
    id: runId,
    threadId,
    messageId,
    replyMessageId: messageId,
    state: 'running',
    outcome: null,
    reportKind: null,
    waitingFor: null,
    createdAt: TIME,
    startedAt: TIME,
    finishedAt: null,
    deadlineAt: TIME,
  }
}
