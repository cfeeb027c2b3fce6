import type { Sql, TransactionSql } from 'postgres'
import type { Visibility } from './visibility.ts'

export type BatchKind = 'import' | 'calls' | 'sample'
export type BatchKey = { organizationId: string; batch: number }

/** Numbers the next batch of an organisation and records that it runs. */
export async function insertBatch(
  sql: Sql,
  { organizationId, kind, at }: { organizationId: string; kind: BatchKind; at: Date },
): Promise<number> {
  // The counter's row lock lets a number be seen only after all smaller ones: questions rely on it.
  const [row] = await sql<{ number: number }[]>`
    with counter as (
      insert into data_version (organization_id, last_batch) values (${organizationId}, 1)
      on conflict (organization_id) do update set last_batch = data_version.last_batch + 1
      returning last_batch
    )
    insert into ingest_batch (organization_id, number, kind, started_at)
    select ${organizationId}, last_batch, ${kind}, ${at} from counter
    returning number`
  if (!row) throw new Error('no batch was numbered')
  return row.number
}

/** Makes a running batch count and returns the new watermark; undefined when it does not run any more. */
export async function commitBatch(
  sql: TransactionSql,
  { organizationId, batch, calls, at }: BatchKey & { calls: number; at: Date },
): Promise<number | undefined> {
  const [version] = await sql<{ watermark: number }[]>`
    update data_version set watermark = watermark + 1 where organization_id = ${organizationId} returning watermark`
  const [row] = await sql<{ commit_seq: number }[]>`
    update ingest_batch
    set state = 'committed', commit_seq = ${version?.watermark ?? 0}, calls = ${calls}, finished_at = ${at}
    where organization_id = ${organizationId} and number = ${batch} and state = 'running'
    returning commit_seq`
  return row?.commit_seq
}

/** Ends a running batch without effect and frees its ids; true when it is aborted now, false when it counts or did. */
export async function abortBatch(
  sql: TransactionSql,
  { organizationId, batch, at }: BatchKey & { at: Date },
): Promise<boolean> {
  await sql`
    update ingest_batch set state = 'aborted', finished_at = ${at}
    where organization_id = ${organizationId} and number = ${batch} and state = 'running'`
  const aborted = await sql`
    select number from ingest_batch
    where organization_id = ${organizationId} and number = ${batch} and state = 'aborted'`
  if (aborted.length === 0) return false
  await sql`delete from call_identity where organization_id = ${organizationId} and batch = ${batch}`
  return true
}

/** Takes a committed batch back from a new watermark on; undefined when it is not committed. */
export async function retractBatch(
  sql: TransactionSql,
  { organizationId, batch }: BatchKey,
): Promise<number | undefined> {
  const [version] = await sql<{ watermark: number }[]>`
    update data_version set watermark = watermark + 1 where organization_id = ${organizationId} returning watermark`
  const [row] = await sql<{ retract_seq: number }[]>`
    update ingest_batch set state = 'retracted', retract_seq = ${version?.watermark ?? 0}
    where organization_id = ${organizationId} and number = ${batch} and state = 'committed'
    returning retract_seq`
  await sql`delete from call_identity where organization_id = ${organizationId} and batch = ${batch}`
  return row?.retract_seq
}

/** Records that the rows of an aborted batch are gone. */
export async function markPurged(sql: Sql, { organizationId, batch }: BatchKey): Promise<void> {
  await sql`
    update ingest_batch set purged = true
    where organization_id = ${organizationId} and number = ${batch} and state = 'aborted'`
}

/** What a question sees at a watermark, by default the latest; a later one than there is means the latest. */
export async function readVisibility(sql: Sql, organizationId: string, watermark?: number): Promise<Visibility> {
  // One statement, so that watermark and batches are of one snapshot.
  const rows = await sql<{ watermark: number; number: number | null; committed: boolean; retracted: boolean }[]>`
    with asked as (
      select least(watermark, ${watermark ?? Number.MAX_SAFE_INTEGER}::bigint) as watermark
      from data_version where organization_id = ${organizationId}
    )
    select asked.watermark, batch.number,
      coalesce(batch.commit_seq <= asked.watermark, false) as committed,
      coalesce(batch.retract_seq <= asked.watermark, false) as retracted
    from asked
    left join ingest_batch batch
      on batch.organization_id = ${organizationId}
      and (batch.state <> 'committed' or batch.commit_seq > asked.watermark
        or batch.number = (
          select max(newest.number) from ingest_batch newest
          where newest.organization_id = ${organizationId} and newest.commit_seq <= asked.watermark))`
  const maxBatch = rows.reduce((max, row) => (row.committed ? Math.max(max, row.number ?? 0) : max), 0)
  const hidden = rows.flatMap(({ number, committed, retracted }) =>
    number !== null && number <= maxBatch && (!committed || retracted) ? [number] : [],
  )
  return { organizationId, watermark: rows[0]?.watermark ?? 0, maxBatch, hidden }
}

export type UnfinishedBatch = BatchKey & { kind: BatchKind; state: 'running' | 'aborted'; startedAt: Date }

/** Batches of all organisations that run, or whose rows were not deleted when they were aborted. */
export async function readUnfinished(sql: Sql): Promise<UnfinishedBatch[]> {
  return sql<UnfinishedBatch[]>`
    select organization_id as "organizationId", number as batch, kind, state, started_at as "startedAt"
    from ingest_batch where state = 'running' or (state = 'aborted' and not purged)
    order by organization_id, number`
}

export type Change = { kind: BatchKind; calls: number; effect: 'added' | 'retracted' }

/** What was committed and taken back in an organisation after a watermark. */
export async function readChanges(sql: Sql, organizationId: string, afterWatermark: number): Promise<Change[]> {
  return sql<Change[]>`
    select kind, calls, 'added' as effect, commit_seq as seq from ingest_batch
    where organization_id = ${organizationId} and commit_seq > ${afterWatermark}
    union all
    select kind, calls, 'retracted' as effect, retract_seq as seq from ingest_batch
    where organization_id = ${organizationId} and retract_seq > ${afterWatermark}
    order by seq`
}

/** Of reserved ids: which are new for the batch, and whether another batch that still runs has one of the others. */
export type Reservation = { fresh: Set<string>; contested: boolean }

/** Reserves ids for a batch, so that whoever delivers them again finds them taken. */
export async function reserveIdentities(
  sql: TransactionSql,
  { organizationId, batch, identities }: BatchKey & { identities: readonly Buffer[] },
): Promise<Reservation> {
  // In one order everywhere, so that two deliveries of the same ids cannot block each other.
  const sorted = identities.map((each) => each.toString('hex')).sort()
  const rows = await sql<{ identity: string }[]>`
    insert into call_identity (organization_id, identity, batch)
    select ${organizationId}, decode(each.hex, 'hex'), ${batch}
    from unnest(${sorted}::text[]) with ordinality as each (hex, position)
    order by each.position
    on conflict (organization_id, identity) do nothing
    returning encode(identity, 'hex') as identity`
  const fresh = new Set(rows.map((row) => row.identity))
  const taken = sorted.filter((each) => !fresh.has(each))
  if (taken.length === 0) return { fresh, contested: false }
  const [held] = await sql<{ contested: boolean }[]>`
    select exists (
      select 1 from call_identity
      join ingest_batch on ingest_batch.organization_id = call_identity.organization_id and number = batch
      where call_identity.organization_id = ${organizationId} and batch <> ${batch} and state = 'running'
        and identity in (select decode(hex, 'hex') from unnest(${taken}::text[]) as each (hex))
    ) as contested`
  return { fresh, contested: held?.contested ?? false }
}
