import type { Clock } from '@apex/kit/clock'
import type { HttpApp } from '@apex/kit/http/http-app'
import type { Identity } from '@apex/kit/identity'
import type { Jwks } from '@apex/kit/jwks-cache'
import type { Log } from '@apex/kit/log'
import type { Metrics } from '@apex/kit/metrics'
import type { PoolShare } from '@apex/kit/pool-share'
import type { AgentInfo } from '@apex/protocol/agent'
import type { Sql } from 'postgres'
import type { ChatEvents } from '../events.ts'
import type { Journal } from '../runs/journal.ts'
import type { RunEnding } from '../runs/run-ending.ts'
import type { AnsweringModel, RunQueue } from '../runs/run-queue.ts'
import type { ThreadLog } from '../threads/thread-log.ts'
import type { Threads } from '../threads/threads.ts'
import type { Tickets } from '../ws/tickets.ts'

/** What the HTTP face is made of. */
export type ChatHttpOptions = {
  log: Log
  metrics: Metrics
  clock: Clock
  events: ChatEvents
  sql: Sql
  share: PoolShare
  journal: Journal
  threads: Threads
  threadLog: ThreadLog
  queue: RunQueue
  ending: RunEnding
  tickets: Tickets
  agents: { infos: readonly AgentInfo[]; model: AnsweringModel }
  verifyToken: (token: string) => Promise<Identity>
  jwks: () => Promise<Jwks>
}

/** What the handlers of one group need beyond their own room. */
export type RouteTools = ChatHttpOptions & {
  app: HttpApp
  /** Runs work on the database within the person's share of the pool. */
  forPerson: <T>(identity: Identity, work: () => Promise<T>) => Promise<T>
  /** The same for a command, within the person's rate; throws CommandRateError. */
  forCommand: <T>(identity: Identity, work: () => Promise<T>) => Promise<T>
}
