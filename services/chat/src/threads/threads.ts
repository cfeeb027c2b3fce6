import { NotFoundError } from '@apex/kit/app-error'
import type { Report } from '@apex/protocol/report'
import type { Message, Thread } from '@apex/protocol/thread'
import type { Sql } from 'postgres'
import { forgetCommands, once } from '../runs/command-log.ts'
import type { Journal, UserKey } from '../runs/journal.ts'
import type { RunEnding } from '../runs/run-ending.ts'
import { lockPerson, stopAllInThread } from '../runs/runs.ts'
import { branchHistory, type Turn } from './branch-history.ts'
import { findReport, listBranchNodes, listMessages } from './message-store.ts'
import { decodeCursor, encodeCursor } from './thread-cursor.ts'
import { threadView } from './thread-record.ts'
import { eraseThread, findThreadOfUser, listThreadsOfUser, lockThreadOfUser } from './thread-store.ts'
import type { Wake } from './wake.ts'

export type ThreadsOptions = { sql: Sql; journal: Journal; ending: RunEnding; wake: Wake }

/** A person's conversations: threads are private to their person, and a foreign id is not found. */
export class Threads {
  readonly #options: ThreadsOptions

  constructor(options: ThreadsOptions) {
    this.#options = options
  }

  async find(user: UserKey, threadId: string): Promise<Thread> {
    const thread = await findThreadOfUser(this.#options.sql, user, threadId)
    if (!thread) throw new NotFoundError('conversation')
    return threadView(thread)
  }

  /** Where a person's thread stands; nothing when it is another's or not there. */
  async peek(user: UserKey, threadId: string): Promise<{ epoch: number; lastSeq: number } | undefined> {
    return findThreadOfUser(this.#options.sql, user, threadId)
  }

  /** Newest change first; `cursor` continues where `nextCursor` of the page before left off. */
  async list(
    user: UserKey,
    { cursor, limit, search }: { cursor?: string | undefined; limit: number; search?: string | undefined },
  ): Promise<{ threads: Thread[]; nextCursor: string | null }> {
    const before = cursor === undefined ? {} : { before: decodeCursor(cursor) }
    const wanted = search?.trim() ? { search: search.trim() } : {}
    const rows = await listThreadsOfUser(this.#options.sql, user, { limit: limit + 1, ...before, ...wanted })
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const nextCursor = rows.length > limit && last ? encodeCursor({ updatedAt: last.cursorTime, id: last.id }) : null
    return { threads: page.map(threadView), nextCursor }
  }

  async messages(user: UserKey, threadId: string): Promise<Message[]> {
    await this.find(user, threadId)
    return listMessages(this.#options.sql, { threadId, organizationId: user.organizationId })
  }

  async report(user: UserKey, runId: string): Promise<Report> {
    const report = await findReport(this.#options.sql, user, runId)
    if (!report) throw new NotFoundError('report')
    return report
  }

  /** Earlier turns of the branch a message continues. */
  async history(run: { threadId: string; organizationId: string; messageId: string }): Promise<Turn[]> {
    return branchHistory(await listBranchNodes(this.#options.sql, run), run.messageId)
  }

  async rename(
    user: UserKey,
    { commandId, threadId, title, correlationId }: RenameCommand,
  ): Promise<{ thread: Thread; seq: number }> {
    return this.#options.journal.commit(async (journal) => {
      await lockPerson(journal.sql, user)
      return once(
        journal.sql,
        user,
        { id: commandId, kind: 'rename_thread', request: { threadId, title } },
        async () => {
          if (!(await lockThreadOfUser(journal.sql, user, threadId))) throw new NotFoundError('conversation')
          const { lastSeq } = await journal.append({ threadId, organizationId: user.organizationId }, [
            { type: 'thread_renamed', payload: { title, by: 'user' }, correlationId },
          ])
          const thread = await findThreadOfUser(journal.sql, user, threadId)
          if (!thread) throw new NotFoundError('conversation')
          return { thread: threadView(thread), seq: lastSeq }
        },
      )
    })
  }

  /** Stops what runs in the thread and erases its content; what the engine keeps of its runs goes within minutes. */
  async remove(user: UserKey, threadId: string): Promise<void> {
    const { ending, journal, wake } = this.#options
    const thread = { threadId, organizationId: user.organizationId }
    await journal.commit(async (transaction) => {
      await lockPerson(transaction.sql, user)
      if (!(await lockThreadOfUser(transaction.sql, user, threadId))) throw new NotFoundError('conversation')
      await stopAllInThread(transaction, ending, thread)
      await eraseThread(transaction.sql, thread)
      await forgetCommands(transaction.sql, user, threadId)
      transaction.afterCommit(() => wake.announceThread({ ...thread, epoch: 1, seq: 0, deleted: true }))
    })
  }
}

export type RenameCommand = { commandId: string; threadId: string; title: string; correlationId: string }
