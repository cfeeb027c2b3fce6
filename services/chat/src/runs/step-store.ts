import type { Json } from '@apex/protocol/text'
import type { ISql, TransactionSql } from 'postgres'

export type StepKey = { runId: string; stepId: string }

/** The committed result of a step, wrapped so that a null result is told from none. */
export async function findStepResult(sql: ISql, step: StepKey): Promise<{ result: Json } | undefined> {
  const [row] = await sql<{ result: Json }[]>`
    select result from step_result where run_id = ${step.runId} and step_id = ${step.stepId}`
  return row
}

/** Claims the next attempt; every earlier one is fenced from here on. */
export async function claimAttempt(sql: TransactionSql, step: StepKey): Promise<number> {
  const [row] = await sql<{ attempt: number }[]>`
    insert into run_step (run_id, step_id, attempt) values (${step.runId}, ${step.stepId}, 1)
    on conflict (run_id, step_id) do update set attempt = run_step.attempt + 1
    returning attempt`
  if (!row) throw new Error('an upsert returned no row')
  return row.attempt
}

/** Whether the run still works and which attempt of the step holds the fence. */
export async function readFence(
  sql: TransactionSql,
  step: StepKey & { organizationId: string },
): Promise<{ running: boolean; attempt: number | null } | undefined> {
  const [row] = await sql<{ running: boolean; attempt: number | null }[]>`
    select r.state = 'running' as running, s.attempt
    from run r left join run_step s on s.run_id = r.id and s.step_id = ${step.stepId}
    where r.id = ${step.runId} and r.organization_id = ${step.organizationId}`
  return row
}

export async function insertStepResult(sql: TransactionSql, step: StepKey, result: Json): Promise<void> {
  // The driver would store a null result as no value at all.
  await sql`
    insert into step_result (run_id, step_id, result)
    values (${step.runId}, ${step.stepId}, ${JSON.stringify(result)}::text::jsonb)`
}
