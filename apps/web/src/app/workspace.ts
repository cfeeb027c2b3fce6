import type { SignedInClient } from '@apex/client/access-token'
import { Commands } from '@apex/client/commands'
import { createSession, readEventsOver, socketUrl } from '@apex/client/create-session'
import { bindPageEvents } from '@apex/client/page-events'
import type { Session } from '@apex/client/session'
import type { SessionStatus } from '@apex/client/session-status'
import { systemTimers } from '@apex/client/timers'
import type { Me } from '@apex/protocol/identity'
import type { QueryClient } from '@tanstack/react-query'
import { v7 as newId } from 'uuid'
import { createDrafts, type Drafts } from '../chat/drafts.ts'
import { ThreadRooms } from '../chat/thread-rooms.ts'
import { createImportFlow, type ImportFlow } from '../sources/import-flow.ts'
import { browserStorage } from './browser-storage.ts'
import type { Readable } from './store.ts'

/** Everything that belongs to one person in one organisation, from signing in until leaving. */
export type Workspace = {
  me: Me
  client: SignedInClient
  link: Readable<SessionStatus> & { reconnectNow(): void }
  rooms: ThreadRooms
  drafts: Drafts
  imports: ImportFlow
  newId: () => string
  /** Opens the socket and listens to the browser; the returned function ends both. */
  start(): () => void
}

/** Puts a workspace together; nothing happens before its `start`. */
export function createWorkspace(options: {
  me: Me
  client: SignedInClient
  queries: QueryClient
  onSessionEnded: () => void
}): Workspace {
  const { me, client, queries, onSessionEnded } = options
  const local = browserStorage('localStorage')
  const session = createSession({
    http: client,
    openSocket: (protocols) => new WebSocket(socketUrl(window.location.origin), protocols),
    clientId: browserId(local),
    tabId: newId(),
  })
  const commands = new Commands({ http: client, newId, timers: systemTimers(), random: Math.random })
  const scope = `${me.organization.id}.${me.user.id}`
  const drafts = createDrafts(local, scope)
  const heldTexts = createDrafts(browserStorage('sessionStorage'), `held.${scope}`)
  const rooms = new ThreadRooms({ commands, session, readEvents: readEventsOver(client), drafts, heldTexts })
  return {
    me,
    client,
    rooms,
    drafts,
    newId,
    link: {
      get: () => session.status(),
      subscribe: (listener) => session.subscribe(listener),
      reconnectNow: () => session.reconnectNow(),
    },
    imports: createImportFlow({
      client,
      newId,
      // A published report never changes; everything computed from today's data may have.
      changed: () => void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'report' }),
    }),
    start: () => startSession({ session, commands, rooms, queries, userId: me.user.id, onSessionEnded }),
  }
}

function startSession(options: {
  session: Session
  commands: Commands
  rooms: ThreadRooms
  queries: QueryClient
  userId: string
  onSessionEnded: () => void
}): () => void {
  const { session, commands, rooms, queries, userId, onSessionEnded } = options
  const refreshThreads = () => void queries.invalidateQueries({ queryKey: ['threads'] })
  const unsubscribe = session.subscribe((status) => {
    if (status.status === 'live') {
      commands.retryNow()
      rooms.wake()
      refreshThreads()
    }
    if (status.status === 'ended' && status.reason === 'signed-out') onSessionEnded()
  })
  const leave = session.follow(`user:${userId}`, null, { changed: refreshThreads })
  const unbind = bindPageEvents(session, { window, document })
  session.start()
  if (!navigator.onLine) session.setOnline(false)
  return () => {
    unbind()
    unsubscribe()
    // First of all, so that leaving the streams sends nothing through a socket that is about to close.
    session.end()
    leave()
    rooms.close()
  }
}

function browserId(local: Storage | undefined): string {
  const id = local?.getItem('netra.client') ?? newId()
  local?.setItem('netra.client', id)
  return id
}
