import type { AgentName, ModelUsage } from '@apex/protocol/agent'
import type { EventBody } from '@apex/protocol/thread-event'
import type { TransactionSql } from 'postgres'

/** A thread and the organisation it must belong to. */
export type ThreadKey = { threadId: string; organizationId: string }

/** A person in an organisation. */
export type UserKey = { organizationId: string; userId: string }

/** An event before the log gives it position, id and time. */
export type LogEntry = EventBody & {
  correlationId: string
  runId?: string
  stepId?: string
  attempt?: number
  invocationId?: string
  agent?: AgentName
  messageId?: string
  toolCallId?: string
  usage?: ModelUsage
}

/** What the log says about one run. */
export type RunSummary = {
  eventTypes: string[]
  /** Sum over its model calls in dollars, withdrawn attempts included; null when one has no known rate. */
  costUsd: string | null
}

/** A transaction in which state and log change together. */
export type JournalTransaction = {
  sql: TransactionSql
  /** Takes the thread's row lock; false when there is no such thread any more. */
  lock(thread: ThreadKey): Promise<boolean>
  /** Appends in the given order; throws NotFoundError when the thread is gone. */
  append(thread: ThreadKey, entries: readonly LogEntry[]): Promise<{ firstSeq: number; lastSeq: number }>
  summarise(thread: ThreadKey, runId: string): Promise<RunSummary>
  /** Whether that attempt of that step has appended anything. */
  hasAppended(thread: ThreadKey, step: { runId: string; stepId: string; attempt: number }): Promise<boolean>
  /** Runs once the transaction is committed, never before. */
  afterCommit(action: () => void): void
}

/** Where runs write: the threads' log, which wakes its readers only after the commit. */
export type Journal = {
  commit<T>(work: (transaction: JournalTransaction) => Promise<T>): Promise<T>
}
