import { Claim } from '@apex/protocol/claim'
import type { Sql, TransactionSql } from 'postgres'

/** A report's claims are those of one run of one organisation. */
export type ReportKey = { organizationId: string; runId: string }

/** A report as one person may read it: only who asked for it. */
export type OwnReportKey = ReportKey & { userId: string }

/** Records that a run published; false when it had. */
export async function insertReport(
  sql: TransactionSql,
  { organizationId, runId, contentHash, userId, at }: ReportKey & { contentHash: string; userId: string; at: Date },
): Promise<boolean> {
  const rows = await sql`
    insert into published_report (organization_id, run_id, content_hash, published_by, published_at)
    values (${organizationId}, ${runId}, ${contentHash}, ${userId}, ${at})
    on conflict do nothing returning run_id`
  return rows.length > 0
}

/** Adds the claims of a report in their order. */
export async function insertClaims(
  sql: TransactionSql,
  { organizationId, runId, claims }: ReportKey & { claims: readonly Claim[] },
): Promise<void> {
  if (claims.length === 0) return
  const rows = claims.map((claim, position) => ({
    organization_id: organizationId,
    run_id: runId,
    claim_id: claim.id,
    position,
    body: sql.json(claim as never),
  }))
  await sql`insert into claim ${sql(rows)}`
}

/** The hash of what a run published; undefined when it published nothing here. */
export async function readContentHash(
  sql: Sql | TransactionSql,
  { organizationId, runId }: ReportKey,
): Promise<string | undefined> {
  const [row] = await sql<{ content_hash: string }[]>`
    select content_hash from published_report where organization_id = ${organizationId} and run_id = ${runId}`
  return row?.content_hash
}

/** Whether the person's own run published a report. */
export async function hasReport(sql: Sql, { organizationId, runId, userId }: OwnReportKey): Promise<boolean> {
  const rows = await sql`
    select run_id from published_report
    where organization_id = ${organizationId} and run_id = ${runId} and published_by = ${userId}`
  return rows.length > 0
}

/** The claims of a report in their order. */
export async function readClaims(sql: Sql, { organizationId, runId }: ReportKey): Promise<Claim[]> {
  const rows = await sql<{ body: unknown }[]>`
    select body from claim where organization_id = ${organizationId} and run_id = ${runId} order by position`
  return rows.map((row) => Claim.parse(row.body))
}

/** One claim, or undefined. */
export async function readClaim(
  sql: Sql,
  { organizationId, runId, claimId }: ReportKey & { claimId: string },
): Promise<Claim | undefined> {
  const [row] = await sql<{ body: unknown }[]>`
    select body from claim
    where organization_id = ${organizationId} and run_id = ${runId} and claim_id = ${claimId}`
  return row && Claim.parse(row.body)
}
