import type { EventBody } from '@apex/protocol/thread-event'
import type { TransactionSql } from 'postgres'
import { MessageExistsError } from '../errors.ts'
import type { ThreadKey } from '../runs/journal.ts'
import { insertMessage, insertReply, insertReport } from './message-store.ts'
import { joinPieces } from './reply-text.ts'
import { type EventRow, readReplyPieces } from './thread-log-store.ts'
import { updateTitle } from './thread-store.ts'

/** Brings messages, reports and titles up to the events just appended, in the same transaction. */
export async function projectEvents(sql: TransactionSql, thread: ThreadKey, rows: readonly EventRow[]): Promise<void> {
  for (const row of rows) await projectEvent(sql, thread, row)
}

async function projectEvent(sql: TransactionSql, thread: ThreadKey, row: EventRow): Promise<void> {
  const event = { type: row.type, payload: row.body.payload } as unknown as EventBody
  if (event.type === 'message_posted') return projectMessage(sql, thread, row, event.payload)
  if (event.type === 'thread_renamed') return updateTitle(sql, thread, event.payload.title)
  if (event.type === 'run_finished') return projectPartialReply(sql, thread, row)
  if (event.type !== 'report_published') return
  const { report } = event.payload
  await insertReport(sql, thread, report, row.time)
  const { text, figures } = report
  await insertReply(sql, thread, {
    id: report.messageId,
    runId: report.runId,
    kind: 'report',
    text,
    figures,
    ...at(row),
  })
}

async function projectMessage(
  sql: TransactionSql,
  thread: ThreadKey,
  row: EventRow,
  payload: Extract<EventBody, { type: 'message_posted' }>['payload'],
): Promise<void> {
  const { messageId: id } = row.body
  if (typeof id !== 'string') throw new Error('a posted message has no id')
  const { text, parentMessageId } = payload
  const message = {
    id,
    parentMessageId,
    author: 'user',
    kind: 'question',
    text,
    figures: [],
    runId: row.runId,
  } as const
  const stored = await insertMessage(sql, { ...thread, ...message, ...at(row) })
  if (!stored) throw new MessageExistsError(id)
}

// A run that ended before its report leaves what it had said, so that a reload shows what the stream showed.
async function projectPartialReply(sql: TransactionSql, thread: ThreadKey, row: EventRow): Promise<void> {
  if (!row.runId || typeof row.body.messageId !== 'string') return
  const { text, figures } = joinPieces(await readReplyPieces(sql, thread, row.runId))
  if (text === '') return
  const { runId } = row
  await insertReply(sql, thread, { id: row.body.messageId, runId, kind: 'reply', text, figures, ...at(row) })
}

function at(row: EventRow): { seq: number; createdAt: Date } {
  return { seq: row.seq, createdAt: row.time }
}
