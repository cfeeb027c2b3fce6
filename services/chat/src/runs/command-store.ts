import type { Json } from '@apex/protocol/text'
import type { Sql, TransactionSql } from 'postgres'
import type { UserKey } from './journal.ts'

/** What an earlier request under this command id was and what it was answered. */
export async function findCommand(
  sql: TransactionSql,
  user: UserKey,
  id: string,
): Promise<{ requestHash: Buffer; outcome: Json } | undefined> {
  const [row] = await sql<{ request_hash: Buffer; outcome: Json }[]>`
    select request_hash, outcome from command
    where organization_id = ${user.organizationId} and user_id = ${user.userId} and id = ${id}`
  return row && { requestHash: row.request_hash, outcome: row.outcome }
}

/** Forgets commands that no client repeats any more. */
export async function deleteOldCommands(sql: Sql): Promise<void> {
  await sql`delete from command where created_at < now() - interval '30 days'`
}

/** Forgets the commands of a person that were answered with a thread or its runs: answers hold its title. */
export async function deleteCommandsOfThread(sql: TransactionSql, user: UserKey, threadId: string): Promise<void> {
  await sql`
    delete from command
    where organization_id = ${user.organizationId} and user_id = ${user.userId}
      and ${threadId} in (outcome -> 'thread' ->> 'id', outcome -> 'run' ->> 'threadId')`
}

/** Remembers the answer to a command. */
export async function insertCommand(
  sql: TransactionSql,
  user: UserKey,
  command: { id: string; kind: string; requestHash: Buffer; outcome: Json },
): Promise<void> {
  await sql`
    insert into command (organization_id, user_id, id, kind, request_hash, outcome)
    values (${user.organizationId}, ${user.userId}, ${command.id}, ${command.kind}, ${command.requestHash},
      ${sql.json(command.outcome)})`
}
