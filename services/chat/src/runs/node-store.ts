import type { Sql } from 'postgres'

/** Notes that a node lives. */
export async function touchNode(sql: Sql, executorId: string): Promise<void> {
  await sql`
    insert into node (executor_id, seen_at) values (${executorId}, now())
    on conflict (executor_id) do update set seen_at = excluded.seen_at`
}

/** Nodes not heard of for a while. */
export async function listSilentNodes(sql: Sql, executorId: string, silentMs: number): Promise<string[]> {
  const rows = await sql<{ executorId: string }[]>`
    select executor_id as "executorId" from node
    where executor_id <> ${executorId} and seen_at < now() - ${silentMs} * interval '1 millisecond'`
  return rows.map((row) => row.executorId)
}

/** Forgets nodes whose runs have been taken over, unless they came back. */
export async function forgetNodes(sql: Sql, executorIds: readonly string[], silentMs: number): Promise<void> {
  await sql`
    delete from node
    where executor_id = any(${[...executorIds]}) and seen_at < now() - ${silentMs} * interval '1 millisecond'`
}

/** A node that stops in order leaves its runs to the others at once. */
export async function retireNode(sql: Sql, executorId: string): Promise<void> {
  await sql`update node set seen_at = 'epoch' where executor_id = ${executorId}`
}
