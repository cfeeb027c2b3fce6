import { createSession, readEventsOver, socketUrl } from '@apex/client/create-session'
import type { Session } from '@apex/client/session'
import type { StreamPosition } from '@apex/client/stream-cursors'
import { ThreadFollower } from '@apex/client/thread-follower'
import { systemTimers } from '@apex/client/timers'
import { v7 as uuidv7 } from 'uuid'
import { WebSocket } from 'ws'
import { say, type Terminal } from '../terminal.ts'
import type { Connection } from './connect.ts'

/** How long a command waits for a server that has gone away. */
const PATIENCE_MS = 60_000

/** A thread that is being followed; `stop` ends that and the connection. */
export type LiveThread = { events: ThreadFollower; stop(): void }

/** Follows a thread over a socket, or over plain HTTP where none can be opened; says on stderr when it has to wait. */
export function followThread(
  terminal: Terminal,
  { http, url }: Connection,
  threadId: string,
  after: StreamPosition,
): LiveThread {
  const id = uuidv7()
  const session = createSession({
    http,
    openSocket: (protocols) => new WebSocket(socketUrl(url), protocols),
    clientId: id,
    tabId: id,
  })
  const unsubscribe = sayStatus(terminal, session)
  const events = new ThreadFollower({
    threadId,
    after,
    session,
    readEvents: readEventsOver(http),
    timers: systemTimers(),
    random: Math.random,
    patienceMs: PATIENCE_MS,
  })
  session.start()
  return {
    events,
    stop() {
      unsubscribe()
      events.stop()
      session.end()
    },
  }
}

function sayStatus(terminal: Terminal, session: Session): () => void {
  let away = false
  return session.subscribe(({ status }) => {
    if (status === 'reconnecting' && !away) say(terminal, 'netra: connection lost, trying again')
    if (status === 'live' && away) say(terminal, 'netra: connected again')
    away = status === 'reconnecting'
  })
}
