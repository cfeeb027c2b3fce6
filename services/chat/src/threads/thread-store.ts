import type { ISql, Sql, TransactionSql } from 'postgres'
import type { ThreadKey, UserKey } from '../runs/journal.ts'
import type { ThreadRecord } from './thread-record.ts'

type Queryable = ISql

function columns(sql: Queryable) {
  return sql`t.id, t.organization_id as "organizationId", t.user_id as "userId", t.title, t.epoch,
    t.last_seq as "lastSeq", t.created_at as "createdAt", t.updated_at as "updatedAt", (
      select r.id from run r
      where r.thread_id = t.id and r.organization_id = t.organization_id and r.state <> 'finished'
      order by (r.state = 'running') desc, r.created_at, r.id limit 1
    ) as "activeRunId"`
}

/** Creates the thread unless its id is taken; the caller checks afterwards whose it is. */
export async function insertThread(
  sql: TransactionSql,
  thread: UserKey & { threadId: string; title: string },
): Promise<void> {
  await sql`
    insert into thread (id, organization_id, user_id, title)
    values (${thread.threadId}, ${thread.organizationId}, ${thread.userId}, ${thread.title})
    on conflict (id) do nothing`
}

/** A person's thread under its row lock; nothing when it is another's or deleted. */
export async function lockThreadOfUser(
  sql: TransactionSql,
  user: UserKey,
  threadId: string,
): Promise<{ lastSeq: number } | undefined> {
  const [row] = await sql<{ lastSeq: number }[]>`
    select last_seq as "lastSeq" from thread
    where id = ${threadId} and organization_id = ${user.organizationId} and user_id = ${user.userId}
      and deleted_at is null
    for update`
  return row
}

/** The thread's row lock for a worker; false when the thread is gone. */
export async function lockThread(sql: TransactionSql, { threadId, organizationId }: ThreadKey): Promise<boolean> {
  const rows = await sql`
    select id from thread
    where id = ${threadId} and organization_id = ${organizationId} and deleted_at is null for update`
  return rows.length > 0
}

export async function findThreadOfUser(
  sql: Queryable,
  user: UserKey,
  threadId: string,
): Promise<ThreadRecord | undefined> {
  const [row] = await sql<ThreadRecord[]>`
    select ${columns(sql)} from thread t
    where t.id = ${threadId} and t.organization_id = ${user.organizationId} and t.user_id = ${user.userId}
      and t.deleted_at is null`
  return row
}

export type ThreadPage = { limit: number; search?: string; before?: { updatedAt: string; id: string } }

/** A person's threads, newest change first; the text of `updatedAt` keeps the microseconds a Date would lose. */
export async function listThreadsOfUser(
  sql: Sql,
  user: UserKey,
  page: ThreadPage,
): Promise<(ThreadRecord & { cursorTime: string })[]> {
  const { before, search } = page
  return sql<(ThreadRecord & { cursorTime: string })[]>`
    select ${columns(sql)}, t.updated_at::text as "cursorTime" from thread t
    where t.organization_id = ${user.organizationId} and t.user_id = ${user.userId} and t.deleted_at is null
      ${before ? sql`and (t.updated_at, t.id) < (${before.updatedAt}::timestamptz, ${before.id}::uuid)` : sql``}
      ${search ? sql`and strpos(lower(t.title), lower(${search})) > 0` : sql``}
    order by t.updated_at desc, t.id desc
    limit ${page.limit}`
}

export async function updateTitle(sql: TransactionSql, thread: ThreadKey, title: string): Promise<void> {
  await sql`
    update thread set title = ${title}
    where id = ${thread.threadId} and organization_id = ${thread.organizationId}`
}

/** Empties a thread and keeps its row, so that nobody starts another log under its id. */
export async function eraseThread(sql: TransactionSql, thread: ThreadKey): Promise<void> {
  const { threadId, organizationId } = thread
  await sql`delete from thread_event where thread_id = ${threadId} and organization_id = ${organizationId}`
  await sql`delete from message where thread_id = ${threadId} and organization_id = ${organizationId}`
  await sql`delete from report where thread_id = ${threadId} and organization_id = ${organizationId}`
  await sql`delete from run where thread_id = ${threadId} and organization_id = ${organizationId}`
  await sql`
    update thread set title = '', deleted_at = now(), updated_at = clock_timestamp()
    where id = ${threadId} and organization_id = ${organizationId}`
}

export type ThreadHead = ThreadKey & { epoch: number; lastSeq: number; deleted: boolean }

/** Where the given threads stand now. */
export async function readHeads(sql: Sql, threads: readonly ThreadKey[]): Promise<ThreadHead[]> {
  return sql<ThreadHead[]>`
    select t.id as "threadId", t.organization_id as "organizationId", t.epoch, t.last_seq as "lastSeq",
      t.deleted_at is not null as deleted
    from unnest(${threads.map((each) => each.threadId)}::uuid[], ${threads.map((each) => each.organizationId)}::text[])
      as wanted (id, organization_id)
    join thread t on t.id = wanted.id and t.organization_id = wanted.organization_id`
}

/** What changed in some people's thread lists within the last ten seconds, by the database's clock. */
export async function listRecentChanges(sql: Sql, users: readonly UserKey[]): Promise<ThreadChange[]> {
  return sql<ThreadChange[]>`
    select t.organization_id as "organizationId", t.user_id as "userId", t.id as "threadId",
      t.updated_at::text as version
    from unnest(${users.map((each) => each.organizationId)}::text[], ${users.map((each) => each.userId)}::text[])
      as wanted (organization_id, user_id)
    join thread t on t.organization_id = wanted.organization_id and t.user_id = wanted.user_id
    where t.updated_at > clock_timestamp() - interval '10 seconds'
    limit 1000`
}

export type ThreadChange = UserKey & { threadId: string; version: string }
