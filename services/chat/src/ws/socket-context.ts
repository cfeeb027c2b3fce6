import type { Clock } from '@apex/kit/clock'
import type { UserKey } from '../runs/journal.ts'
import type { Wake } from '../threads/wake.ts'
import type { SocketLimits } from './socket-limits.ts'
import type { SocketSession } from './socket-session.ts'
import type { ThreadFeeds } from './thread-feeds.ts'
import type { Tickets } from './tickets.ts'
import type { Viewer } from './viewer.ts'

/** What every socket of a node shares. */
export type SocketContext = {
  limits: SocketLimits
  clock: Clock
  random: () => number
  tickets: Tickets
  feeds: ThreadFeeds
  wake: Wake
  /** Where a person's thread stands; nothing when it is another's or not there. */
  findThread: (user: UserKey, threadId: string) => Promise<{ epoch: number; lastSeq: number } | undefined>
  isRevoked: (sessionId: string) => boolean
  /** False when the person has too many sockets. */
  admit: (session: SocketSession, viewer: Viewer) => boolean
  onOpened: (session: SocketSession, facts: { way: string; streams: number }) => void
  onClosed: (session: SocketSession, code: number, reason: string) => void
  onFailed: (session: SocketSession, error: unknown) => void
  onTicketRefused: (facts: { reason: string; purpose: string }) => void
}
