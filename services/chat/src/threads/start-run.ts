import { NotFoundError } from '@apex/kit/app-error'
import type { Run } from '@apex/protocol/run'
import { UnknownParentError } from '../errors.ts'
import type { ChatEvents } from '../events.ts'
import { once } from '../runs/command-log.ts'
import type { Journal, JournalTransaction, LogEntry, UserKey } from '../runs/journal.ts'
import type { ReservedRun, RunQueue } from '../runs/run-queue.ts'
import { findRun, lockPerson } from '../runs/runs.ts'
import { messageIsKnown } from './message-store.ts'
import { insertThread, lockThreadOfUser } from './thread-store.ts'
import { automaticTitle } from './thread-title.ts'

export type StartRunCommand = {
  commandId: string
  threadId: string
  messageId: string
  parentMessageId: string | null
  text: string
}

export type Asker = UserKey & { role: string; correlationId: string }

export type StartRunOptions = { journal: Journal; queue: RunQueue; events: ChatEvents }

/**
 * Posts a message and accepts its run, in one commit; a thread id not seen before creates the thread. Answers a repeat
 * as before. Throws NotFoundError, MessageExistsError, UnknownParentError, QueueFullError, IdempotencyMismatchError.
 */
export async function startRun(
  options: StartRunOptions,
  asker: Asker,
  command: StartRunCommand,
): Promise<{ run: Run; seq: number }> {
  const { commandId, ...request } = command
  return options.journal.commit(async (journal) => {
    await lockPerson(journal.sql, asker)
    return once(journal.sql, asker, { id: commandId, kind: 'start_run', request }, () =>
      accept(options, journal, asker, command),
    )
  })
}

async function accept(
  { events, queue }: StartRunOptions,
  journal: JournalTransaction,
  asker: Asker,
  command: StartRunCommand,
): Promise<{ run: Run; seq: number }> {
  const { threadId, messageId, parentMessageId, text } = command
  const title = automaticTitle(text)
  await insertThread(journal.sql, { ...asker, threadId, title })
  const thread = await lockThreadOfUser(journal.sql, asker, threadId)
  if (!thread) throw new NotFoundError('conversation')
  const key = { threadId, organizationId: asker.organizationId }
  if (parentMessageId !== null && !(await messageIsKnown(journal.sql, key, parentMessageId))) {
    throw new UnknownParentError(parentMessageId)
  }
  const { organizationId, userId, role, correlationId } = asker
  const facts = { organizationId, userId, role, correlationId, threadId, messageId, question: text }
  const run = await queue.reserve(journal, facts)
  await journal.append(key, [posted(run, command), ...(thread.lastSeq === 0 ? [titled(run, title)] : [])])
  const seq = await queue.accept(journal, run)
  journal.afterCommit(() => events.runAccepted({ runId: run.id, threadId, ahead: run.ahead }))
  return { run: await findRun(journal.sql, asker, run.id), seq }
}

function posted(run: ReservedRun, { messageId, parentMessageId, text }: StartRunCommand): LogEntry {
  const { id: runId, correlationId, userId } = run
  const payload = { author: 'user', text, parentMessageId, userId } as const
  return { type: 'message_posted', payload, messageId, runId, correlationId }
}

function titled({ correlationId }: ReservedRun, title: string): LogEntry {
  return { type: 'thread_renamed', payload: { title, by: 'automatic' }, correlationId }
}
