import type { ReportKind } from '@apex/protocol/report'
import type { RunOutcome } from '@apex/protocol/run'
import type { ISql, Sql, TransactionSql } from 'postgres'
import type { UserKey } from './journal.ts'
import type { RunRecord } from './run-record.ts'

type Queryable = ISql

function columns(sql: Queryable) {
  return sql`r.id, r.thread_id as "threadId", r.organization_id as "organizationId", r.user_id as "userId", r.role,
    r.message_id as "messageId", r.reply_message_id as "replyMessageId", r.question,
    r.correlation_id as "correlationId", r.state, r.waiting_for as "waitingFor", r.created_at as "createdAt",
    r.started_at as "startedAt", r.deadline_at as "deadlineAt", r.finished_at as "finishedAt", r.outcome,
    r.report_kind as "reportKind", r.finished_seq as "finishedSeq"`
}

/** The first lock of every command: one person's commands and slots change one after another. */
export async function lockUser(sql: TransactionSql, user: UserKey): Promise<void> {
  await sql`
    insert into user_slot (organization_id, user_id) values (${user.organizationId}, ${user.userId})
    on conflict do nothing`
  await sql`
    select 1 from user_slot
    where organization_id = ${user.organizationId} and user_id = ${user.userId} for update`
}

/** A person's run, or nothing when it is another's. */
export async function findRunOfUser(sql: Queryable, user: UserKey, runId: string): Promise<RunRecord | undefined> {
  const [row] = await sql<RunRecord[]>`
    select ${columns(sql)} from run r
    where r.id = ${runId} and r.organization_id = ${user.organizationId} and r.user_id = ${user.userId}`
  return row
}

/** A run for the worker that executes it, which acts for whoever the run belongs to. */
export async function findRunToWork(
  sql: Queryable,
  organizationId: string,
  runId: string,
): Promise<RunRecord | undefined> {
  const [row] = await sql<RunRecord[]>`
    select ${columns(sql)} from run r where r.id = ${runId} and r.organization_id = ${organizationId}`
  return row
}

/** The run under its row lock, the last lock in the order. */
export async function lockRun(
  sql: TransactionSql,
  organizationId: string,
  runId: string,
): Promise<RunRecord | undefined> {
  const [row] = await sql<RunRecord[]>`
    select ${columns(sql)} from run r
    where r.id = ${runId} and r.organization_id = ${organizationId} for update`
  return row
}

/** A person's runs in a thread, oldest first. */
export async function listRunsOfThread(sql: Queryable, user: UserKey, threadId: string): Promise<RunRecord[]> {
  return sql<RunRecord[]>`
    select ${columns(sql)} from run r
    where r.thread_id = ${threadId} and r.organization_id = ${user.organizationId} and r.user_id = ${user.userId}
    order by r.created_at, r.id`
}

/** How many runs a person has in work and waiting, and whether the thread has an unfinished one. */
export async function countLoad(
  sql: TransactionSql,
  user: UserKey,
  threadId: string,
): Promise<{ running: number; queued: number; inThread: number }> {
  const [row] = await sql<{ running: number; queued: number; inThread: number }[]>`
    select count(*) filter (where state = 'running')::int as running,
      count(*) filter (where state = 'queued')::int as queued,
      count(*) filter (where thread_id = ${threadId})::int as "inThread"
    from run
    where organization_id = ${user.organizationId} and user_id = ${user.userId} and state <> 'finished'`
  return row ?? { running: 0, queued: 0, inThread: 0 }
}

/** A run at its acceptance. */
export type NewRun = Pick<
  RunRecord,
  | 'id'
  | 'threadId'
  | 'organizationId'
  | 'userId'
  | 'role'
  | 'messageId'
  | 'replyMessageId'
  | 'question'
  | 'correlationId'
> & { waitingFor: string; createdAt: Date; deadlineAt: Date }

export async function insertRun(sql: TransactionSql, run: NewRun): Promise<void> {
  await sql`
    insert into run (id, thread_id, organization_id, user_id, role, message_id, reply_message_id, question,
      correlation_id, state, waiting_for, created_at, deadline_at)
    values (${run.id}, ${run.threadId}, ${run.organizationId}, ${run.userId}, ${run.role}, ${run.messageId},
      ${run.replyMessageId}, ${run.question}, ${run.correlationId}, 'queued', ${run.waitingFor}, ${run.createdAt},
      ${run.deadlineAt})`
}

/** The oldest waiting run of each thread that no other run of the thread holds up, oldest first. */
export async function listPromotable(sql: TransactionSql, user: UserKey, limit: number): Promise<RunRecord[]> {
  return sql<RunRecord[]>`
    select ${columns(sql)} from run r
    where r.id in (
        select distinct on (thread_id) id from run
        where organization_id = ${user.organizationId} and user_id = ${user.userId} and state = 'queued'
        order by thread_id, created_at, id
      )
      and not exists (select 1 from run other where other.thread_id = r.thread_id and other.state = 'running')
    order by r.created_at, r.id
    limit ${limit}`
}

export type RunKey = Pick<RunRecord, 'id' | 'organizationId'>

export async function markRunning(
  sql: TransactionSql,
  run: RunKey,
  { startedAt, deadlineAt }: { startedAt: Date; deadlineAt: Date },
): Promise<void> {
  await sql`
    update run set state = 'running', waiting_for = null, started_at = ${startedAt}, deadline_at = ${deadlineAt}
    where id = ${run.id} and organization_id = ${run.organizationId} and state = 'queued'`
}

export type RunEnd = {
  outcome: RunOutcome
  reportKind: ReportKind | null
  costUsd: string | null
  finishedAt: Date
  finishedSeq: number
}

export async function markFinished(sql: TransactionSql, run: RunKey, end: RunEnd): Promise<void> {
  await sql`
    update run set state = 'finished', waiting_for = null, outcome = ${end.outcome},
      report_kind = ${end.reportKind}, cost_usd = ${end.costUsd}, finished_at = ${end.finishedAt},
      finished_seq = ${end.finishedSeq}
    where id = ${run.id} and organization_id = ${run.organizationId} and state <> 'finished'`
}

/** Unfinished runs of a thread, oldest first. */
export async function listUnfinishedInThread(
  sql: TransactionSql,
  organizationId: string,
  threadId: string,
): Promise<RunRecord[]> {
  return sql<RunRecord[]>`
    select ${columns(sql)} from run r
    where r.thread_id = ${threadId} and r.organization_id = ${organizationId} and r.state <> 'finished'
    order by r.created_at, r.id`
}

/** Running runs, for the sweeper: of every organisation, because the sweeper acts for none. */
export async function listRunning(sql: Sql): Promise<Pick<RunRecord, 'id' | 'organizationId' | 'deadlineAt'>[]> {
  return sql<Pick<RunRecord, 'id' | 'organizationId' | 'deadlineAt'>[]>`
    select id, organization_id as "organizationId", deadline_at as "deadlineAt" from run where state = 'running'
    order by started_at`
}

/** People with waiting runs and a free slot, for the sweeper. */
export async function listUsersToPromote(sql: Sql, runningLimit: number): Promise<UserKey[]> {
  return sql<UserKey[]>`
    select organization_id as "organizationId", user_id as "userId" from run where state <> 'finished'
    group by organization_id, user_id
    having bool_or(state = 'queued') and count(*) filter (where state = 'running') < ${runningLimit}
    limit 100`
}

/** Of the given runs, those that have not ended. */
export async function listUnfinishedAmong(sql: Sql, runIds: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from run where id = any(${[...runIds]}) and state <> 'finished'`
  return rows.map((row) => row.id)
}

/** Of the given runs, those that have ended. */
export async function listFinishedAmong(sql: Sql, runIds: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from run where id = any(${[...runIds]}) and state = 'finished'`
  return rows.map((row) => row.id)
}
