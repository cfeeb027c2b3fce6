-- One row per organisation that ever ingested. `watermark` counts commits and retractions without gaps.
create table data_version (
  organization_id text primary key,
  last_batch bigint not null default 0,
  watermark bigint not null default 0
);

-- Calls in ClickHouse carry (organisation, number). They count from commit_seq on, and until retract_seq.
create table ingest_batch (
  organization_id text not null,
  number bigint not null,
  kind text not null check (kind in ('import', 'calls', 'sample')),
  state text not null default 'running' check (state in ('running', 'committed', 'aborted', 'retracted')),
  calls bigint not null default 0,
  commit_seq bigint,
  retract_seq bigint,
  -- The rows of an aborted batch are gone from ClickHouse; whatever a late writer adds stays hidden all the same.
  purged boolean not null default false,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (organization_id, number),
  unique (organization_id, commit_seq),
  unique (organization_id, retract_seq),
  check ((state in ('committed', 'retracted')) = (commit_seq is not null)),
  check ((state = 'retracted') = (retract_seq is not null))
);
create index ingest_batch_unfinished on ingest_batch (started_at) where state = 'running' or (state = 'aborted' and not purged);

-- Ids that callers gave their calls, hashed, so that a repeated delivery is a duplicate whichever node takes it.
create table call_identity (
  organization_id text not null,
  identity bytea not null,
  batch bigint not null,
  primary key (organization_id, identity),
  foreign key (organization_id, batch) references ingest_batch (organization_id, number)
);
create index call_identity_batch on call_identity (organization_id, batch);
