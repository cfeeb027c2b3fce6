import type { FigureSpan } from '@apex/protocol/claim'
import type { Report } from '@apex/protocol/report'
import type { Message } from '@apex/protocol/thread'
import type { Sql, TransactionSql } from 'postgres'
import type { ThreadKey } from '../runs/journal.ts'

export type NewMessage = ThreadKey & {
  id: string
  seq: number
  parentMessageId: string | null
  author: Message['author']
  kind: Message['kind']
  text: string
  figures: readonly FigureSpan[]
  runId: string | null
  createdAt: Date
}

/** Stores a message; false when the thread has one with this id. */
export async function insertMessage(sql: TransactionSql, message: NewMessage): Promise<boolean> {
  const rows = await sql`
    insert into message (thread_id, id, organization_id, seq, parent_message_id, author, kind, text, figures, run_id,
      created_at)
    values (${message.threadId}, ${message.id}, ${message.organizationId}, ${message.seq}, ${message.parentMessageId},
      ${message.author}, ${message.kind}, ${message.text}, ${sql.json(message.figures)}, ${message.runId},
      ${message.createdAt})
    on conflict (thread_id, id) do nothing
    returning id`
  return rows.length > 0
}

export type NewReply = Pick<NewMessage, 'id' | 'seq' | 'kind' | 'text' | 'figures' | 'createdAt'> & { runId: string }

/** Stores the answer of a run below the question it answers; a repeat changes nothing. */
export async function insertReply(sql: TransactionSql, thread: ThreadKey, reply: NewReply): Promise<void> {
  await sql`
    insert into message (thread_id, id, organization_id, seq, parent_message_id, author, kind, text, figures, run_id,
      created_at)
    select ${thread.threadId}, ${reply.id}, ${thread.organizationId}, ${reply.seq}, r.message_id, 'assistant',
      ${reply.kind}, ${reply.text}, ${sql.json(reply.figures)}, r.id, ${reply.createdAt}
    from run r
    where r.id = ${reply.runId} and r.thread_id = ${thread.threadId} and r.organization_id = ${thread.organizationId}
    on conflict (thread_id, id) do nothing`
}

type MessageRow = Omit<Message, 'createdAt'> & { createdAt: Date }

/** A thread's messages in the order they came. */
export async function listMessages(sql: Sql, thread: ThreadKey): Promise<Message[]> {
  const rows = await sql<MessageRow[]>`
    select id, thread_id as "threadId", parent_message_id as "parentMessageId", author, kind, text, figures,
      run_id as "runId", created_at as "createdAt"
    from message
    where thread_id = ${thread.threadId} and organization_id = ${thread.organizationId}
    order by seq`
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
}

/** Whether the thread has a message with this id, or a run whose reply will have it. */
export async function messageIsKnown(sql: TransactionSql, thread: ThreadKey, messageId: string): Promise<boolean> {
  const rows = await sql`
    select id from message
    where thread_id = ${thread.threadId} and organization_id = ${thread.organizationId} and id = ${messageId}
    union all
    select id from run
    where thread_id = ${thread.threadId} and organization_id = ${thread.organizationId}
      and reply_message_id = ${messageId}
    limit 1`
  return rows.length > 0
}

/** Every node of a thread's message tree: its parent, and for a question the reply its run gives. */
export async function listBranchNodes(sql: Sql, thread: ThreadKey): Promise<BranchNode[]> {
  return sql<BranchNode[]>`
    select id, parent_message_id as "parentMessageId", author, text from message
    where thread_id = ${thread.threadId} and organization_id = ${thread.organizationId}
    union all
    select r.reply_message_id, r.message_id, 'assistant', null from run r
    where r.thread_id = ${thread.threadId} and r.organization_id = ${thread.organizationId}
      and not exists (select 1 from message m where m.thread_id = r.thread_id and m.id = r.reply_message_id)`
}

export type BranchNode = { id: string; parentMessageId: string | null; author: Message['author']; text: string | null }

export async function insertReport(sql: TransactionSql, thread: ThreadKey, report: Report, now: Date): Promise<void> {
  await sql`
    insert into report (run_id, thread_id, organization_id, body, published_at)
    values (${report.runId}, ${thread.threadId}, ${thread.organizationId}, ${sql.json(report)}, ${now})
    on conflict (run_id) do update set body = excluded.body, published_at = excluded.published_at`
}

/** The report of a person's run, or nothing. */
export async function findReport(
  sql: Sql,
  user: { organizationId: string; userId: string },
  runId: string,
): Promise<Report | undefined> {
  const [row] = await sql<{ body: Report }[]>`
    select r.body from report r join thread t on t.id = r.thread_id
    where r.run_id = ${runId} and r.organization_id = ${user.organizationId} and t.user_id = ${user.userId}`
  return row?.body
}
