create table import (
  organization_id text not null,
  id uuid not null,
  batch bigint not null,
  -- Null while it runs; whether it still does is told by its batch.
  outcome text check (outcome in ('committed', 'failed', 'retracted')),
  sample boolean not null default false,
  format text not null,
  file_name text,
  file_hash text,
  bytes_read bigint not null default 0,
  accepted bigint not null default 0,
  rejected bigint not null default 0,
  duplicates bigint not null default 0,
  unpriced bigint not null default 0,
  options jsonb not null,
  watermark bigint,
  price_version text not null,
  error text,
  created_by text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, batch) references ingest_batch (organization_id, number)
);
create index import_newest on import (organization_id, started_at desc);
create index import_batch on import (organization_id, batch);

-- Which committed import holds a file, told by the hash of its decompressed content.
create table imported_file (
  organization_id text not null,
  file_hash text not null,
  import_id uuid not null,
  primary key (organization_id, file_hash)
);

create table import_reject (
  organization_id text not null,
  import_id uuid not null,
  ordinal bigint not null,
  line bigint not null,
  reason text not null,
  content text not null,
  primary key (organization_id, import_id, ordinal)
);
