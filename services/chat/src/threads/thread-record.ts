import type { Thread } from '@apex/protocol/thread'

/** A thread as it is stored, its unfinished run looked up. */
export type ThreadRecord = {
  id: string
  organizationId: string
  userId: string
  title: string
  epoch: number
  lastSeq: number
  activeRunId: string | null
  createdAt: Date
  updatedAt: Date
}

/** The thread as the wire shows it. */
export function threadView(thread: ThreadRecord): Thread {
  return {
    id: thread.id,
    title: thread.title,
    epoch: thread.epoch,
    lastSeq: thread.lastSeq,
    activeRunId: thread.activeRunId,
    createdAt: thread.createdAt.toISOString(),
    updatedAt: thread.updatedAt.toISOString(),
  }
}
