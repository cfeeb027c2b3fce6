import type { ImportOptions, ImportRecord, Reject } from '@apex/protocol/import'
import type { Sql, TransactionSql } from 'postgres'

export type ImportKey = { organizationId: string; importId: string }

export type NewImport = ImportKey & {
  batch: number
  sample: boolean
  options: ImportOptions
  priceVersion: string
  userId: string
  at: Date
}

export type ImportCounts = {
  bytesRead: number
  accepted: number
  rejected: number
  duplicates: number
  unpriced: number
}

export type ImportEnd = ImportCounts & {
  outcome: 'committed' | 'failed'
  format: string
  fileHash: string | null
  watermark: number | null
  error: string | null
  at: Date
}

type Row = Omit<ImportRecord, 'dataVersion' | 'startedAt' | 'finishedAt' | 'error'> & {
  batch: number
  watermark: number | null
  priceVersion: string
  startedAt: Date
  finishedAt: Date | null
  error: string | null
}

/** An import as the wire shows it, and the batch its calls are in. */
export type StoredImport = { record: ImportRecord; batch: number }

const INTERRUPTED =
  'The import was interrupted before it was complete, so none of its calls count. Import the file again.'

/** Records a new import; false when the id is taken by one that did not fail. A failed one is replaced. */
export async function insertImport(sql: TransactionSql, given: NewImport): Promise<boolean> {
  const { organizationId, importId, batch, sample, options, priceVersion, userId, at } = given
  const [old] = await sql<{ state: string }[]>`
    select ${stateOf(sql)} as state from import
    join ingest_batch on ingest_batch.organization_id = import.organization_id and ingest_batch.number = import.batch
    where import.organization_id = ${organizationId} and import.id = ${importId} for update of import`
  if (old && old.state !== 'failed') return false
  await sql`delete from import_reject where organization_id = ${organizationId} and import_id = ${importId}`
  await sql`delete from import where organization_id = ${organizationId} and id = ${importId}`
  const rows = await sql`
    insert into import (organization_id, id, batch, sample, format, file_name, options, price_version, created_by, started_at)
    values (${organizationId}, ${importId}, ${batch}, ${sample}, ${options.format}, ${options.fileName ?? null},
      ${sql.json(options)}, ${priceVersion}, ${userId}, ${at})
    on conflict do nothing returning id`
  return rows.length > 0
}

/** Shows how far a running import is. */
export async function updateProgress(
  sql: Sql,
  { organizationId, importId, format, ...counts }: ImportKey & ImportCounts & { format: string },
): Promise<void> {
  await sql`
    update import set format = ${format}, bytes_read = ${counts.bytesRead}, accepted = ${counts.accepted},
      rejected = ${counts.rejected}, duplicates = ${counts.duplicates}, unpriced = ${counts.unpriced}
    where organization_id = ${organizationId} and id = ${importId} and outcome is null`
}

/** Ends an import with its final counts. */
export async function finishImport(
  sql: Sql | TransactionSql,
  { organizationId, importId, ...end }: ImportKey & ImportEnd,
): Promise<void> {
  await sql`
    update import set outcome = ${end.outcome}, format = ${end.format}, file_hash = ${end.fileHash},
      bytes_read = ${end.bytesRead}, accepted = ${end.accepted}, rejected = ${end.rejected},
      duplicates = ${end.duplicates}, unpriced = ${end.unpriced}, watermark = ${end.watermark},
      error = ${end.error}, finished_at = ${end.at}
    where organization_id = ${organizationId} and id = ${importId} and outcome is null`
}

/** Makes an import the holder of its file; the id of the holder when another import already is. */
export async function claimFile(
  sql: TransactionSql,
  { organizationId, importId, fileHash }: ImportKey & { fileHash: string },
): Promise<string | undefined> {
  const rows = await sql`
    insert into imported_file (organization_id, file_hash, import_id)
    values (${organizationId}, ${fileHash}, ${importId}) on conflict do nothing returning import_id`
  if (rows.length > 0) return undefined
  const [holder] = await sql<{ import_id: string }[]>`
    select import_id from imported_file where organization_id = ${organizationId} and file_hash = ${fileHash}`
  return holder?.import_id
}

/** Marks an import as taken back and frees its file. */
export async function markRetracted(sql: TransactionSql, { organizationId, importId }: ImportKey): Promise<void> {
  await sql`update import set outcome = 'retracted' where organization_id = ${organizationId} and id = ${importId}`
  await sql`delete from imported_file where organization_id = ${organizationId} and import_id = ${importId}`
}

/** Adds rejected lines; ordinals go on from `first`. */
export async function insertRejects(
  sql: Sql,
  { organizationId, importId, first, rejects }: ImportKey & { first: number; rejects: readonly Reject[] },
): Promise<void> {
  if (rejects.length === 0) return
  const rows = rejects.map((each, index) => ({
    organization_id: organizationId,
    import_id: importId,
    ordinal: first + index,
    line: each.line,
    reason: each.reason,
    content: each.content,
  }))
  await sql`insert into import_reject ${sql(rows)}`
}

/** All rejected lines of an import in order, in pages. */
export async function* readRejects(sql: Sql, { organizationId, importId }: ImportKey): AsyncGenerator<Reject[]> {
  for (let after = 0; ; ) {
    const page = await sql<(Reject & { ordinal: number })[]>`
      select ordinal, line, reason, content from import_reject
      where organization_id = ${organizationId} and import_id = ${importId} and ordinal > ${after}
      order by ordinal limit 1000`
    if (page.length > 0) yield page.map(({ line, reason, content }) => ({ line, reason, content }))
    const last = page.at(-1)
    if (page.length < 1_000 || !last) return
    after = last.ordinal
  }
}

/** One import, or undefined. */
export async function readImport(sql: Sql, { organizationId, importId }: ImportKey): Promise<StoredImport | undefined> {
  const [row] = await selectImports(sql, organizationId, sql`and import.id = ${importId}`)
  return row && toStored(row)
}

/** The newest imports of an organisation. */
export async function readImports(sql: Sql, organizationId: string): Promise<StoredImport[]> {
  const rows = await selectImports(sql, organizationId, sql``)
  return rows.map(toStored)
}

// Whether a running import still runs is told by its batch, which others may have ended for a writer that died.
function stateOf(sql: Sql | TransactionSql) {
  return sql`case
    when import.outcome in ('failed', 'retracted') then import.outcome
    when import.outcome = 'committed' then 'committed'
    when ingest_batch.state = 'aborted' then 'failed'
    else 'running' end`
}

function selectImports(sql: Sql, organizationId: string, condition: ReturnType<Sql>) {
  return sql<Row[]>`
    select import.id, import.batch, import.format, import.file_name as "fileName", import.file_hash as "fileHash",
      ${stateOf(sql)} as state, import.sample, import.bytes_read as "bytesRead", import.accepted, import.rejected,
      import.duplicates, import.unpriced, import.options, import.watermark, import.price_version as "priceVersion",
      case when import.outcome is null and ingest_batch.state = 'aborted' then ${INTERRUPTED} else import.error end as error,
      import.started_at as "startedAt", coalesce(import.finished_at, ingest_batch.finished_at) as "finishedAt",
      coalesce((
        select jsonb_agg(jsonb_build_object('line', line, 'reason', reason, 'content', content) order by ordinal)
        from import_reject
        where import_reject.organization_id = import.organization_id and import_id = import.id and ordinal <= 20
      ), '[]'::jsonb) as rejects
    from import
    join ingest_batch on ingest_batch.organization_id = import.organization_id and ingest_batch.number = import.batch
    where import.organization_id = ${organizationId} ${condition}
    order by import.started_at desc, import.id desc limit 200`
}

function toStored({ batch, watermark, priceVersion, startedAt, finishedAt, ...row }: Row): StoredImport {
  const dataVersion = watermark === null ? null : { watermark, priceVersion }
  const record: ImportRecord = {
    ...row,
    dataVersion,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
  return { record, batch }
}
