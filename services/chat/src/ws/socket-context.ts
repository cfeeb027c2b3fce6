import type { Clock } from '@apex/kit/clock'
import type { UserKey } from '../runs/journal.ts'
import type { Wake } from '../threads/wake.ts'
import type { SocketLimits } from './socket-limits.ts'
import type { ThreadFeeds } from './thread-feeds.ts'
import type { Tickets } from './tickets.ts'
import type { Viewer } from './viewer.ts'

/** A socket as the others of its node see it. */
export type OpenSession = { readonly connectionId: string; readonly viewer: Viewer | undefined }

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
  admit: (session: OpenSession, viewer: Viewer) => boolean
  onOpened: (session: OpenSession, facts: { way: string; streams: number }) => void
  onClosed: (session: OpenSession, code: number, reason: string) => void
  onFailed: (session: OpenSession, error: unknown) => void
  onTicketRefused: (facts: { reason: string; purpose: string }) => void
}
