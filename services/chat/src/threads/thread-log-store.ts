import type { Json } from '@apex/protocol/text'
import type { ISql, TransactionSql } from 'postgres'
import type { RunSummary, ThreadKey } from '../runs/journal.ts'

/** An event as it is stored; `body` holds the rest of the envelope and the payload under the wire's names. */
export type EventRow = {
  seq: number
  eventId: string
  type: string
  runId: string | null
  stepId: string | null
  attempt: number | null
  time: Date
  body: { [key: string]: Json }
}

export type Claimed = { lastSeq: number; epoch: number }

/**
 * Takes the next `count` positions under the thread's row lock, which is what makes them gapless. `listed` says whether
 * the change shows in the thread list. Nothing when the thread is gone.
 */
export async function claimPositions(
  sql: TransactionSql,
  thread: ThreadKey,
  { count, listed }: { count: number; listed: boolean },
): Promise<Claimed | undefined> {
  const [row] = await sql<Claimed[]>`
    update thread set last_seq = last_seq + ${count},
      updated_at = ${listed ? sql`greatest(clock_timestamp(), updated_at + interval '1 microsecond')` : sql`updated_at`}
    where id = ${thread.threadId} and organization_id = ${thread.organizationId} and deleted_at is null
    returning last_seq as "lastSeq", epoch`
  return row
}

export async function insertEvents(sql: TransactionSql, thread: ThreadKey, events: readonly EventRow[]): Promise<void> {
  const rows = events.map((event) => ({
    thread_id: thread.threadId,
    organization_id: thread.organizationId,
    seq: event.seq,
    event_id: event.eventId,
    type: event.type,
    run_id: event.runId,
    step_id: event.stepId,
    attempt: event.attempt,
    time: event.time,
    body: sql.json(event.body),
  }))
  await sql`insert into thread_event ${sql(rows as never)}`
}

export type StoredEvent = Omit<EventRow, 'time' | 'body'> & { time: Date; body: { [key: string]: Json }; epoch: number }

/** Events after a position, oldest first. */
export async function readEventsAfter(
  sql: ISql,
  thread: ThreadKey,
  { after, limit }: { after: number; limit: number },
): Promise<StoredEvent[]> {
  return sql<StoredEvent[]>`
    select e.seq, e.event_id as "eventId", e.type, e.run_id as "runId", e.step_id as "stepId", e.attempt, e.time,
      e.body, t.epoch
    from thread_event e join thread t on t.id = e.thread_id
    where e.thread_id = ${thread.threadId} and e.organization_id = ${thread.organizationId} and e.seq > ${after}
      and t.deleted_at is null
    order by e.seq
    limit ${limit}`
}

/** Which event types a run has and what its model calls cost; withdrawn attempts were paid for, so they count. */
export async function summariseRun(sql: TransactionSql, thread: ThreadKey, runId: string): Promise<RunSummary> {
  const [row] = await sql<{ eventTypes: string[]; costUsd: string | null }[]>`
    select array_agg(distinct type) as "eventTypes",
      case when bool_or(body ? 'usage' and body -> 'usage' ->> 'costUsd' is null) then null
        else coalesce(sum((body -> 'usage' ->> 'costUsd')::numeric), 0)::text end as "costUsd"
    from thread_event
    where run_id = ${runId} and thread_id = ${thread.threadId} and organization_id = ${thread.organizationId}`
  return { eventTypes: row?.eventTypes ?? [], costUsd: row?.costUsd ?? null }
}

export async function attemptHasEvents(
  sql: TransactionSql,
  thread: ThreadKey,
  step: { runId: string; stepId: string; attempt: number },
): Promise<boolean> {
  const rows = await sql`
    select seq from thread_event
    where run_id = ${step.runId} and thread_id = ${thread.threadId} and organization_id = ${thread.organizationId}
      and step_id = ${step.stepId} and attempt = ${step.attempt}
    limit 1`
  return rows.length > 0
}

/** The reply's text so far, without what was withdrawn: pieces in order, each with its payload. */
export async function readReplyPieces(
  sql: TransactionSql,
  thread: ThreadKey,
  runId: string,
): Promise<{ text: string; figures: Json[] }[]> {
  return sql<{ text: string; figures: Json[] }[]>`
    select e.body -> 'payload' ->> 'text' as text, e.body -> 'payload' -> 'figures' as figures
    from thread_event e
    where e.run_id = ${runId} and e.thread_id = ${thread.threadId} and e.organization_id = ${thread.organizationId}
      and e.type = 'text_delta'
      and not exists (
        select 1 from thread_event s
        where s.run_id = e.run_id and s.type = 'attempt_superseded'
          and s.body -> 'payload' ->> 'supersededStepId' = e.step_id
          and (s.body -> 'payload' ->> 'supersededAttempt')::int = e.attempt
      )
    order by e.seq`
}
