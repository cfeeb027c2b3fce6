-- The claims of one report, published once by its run.
create table published_report (
  organization_id text not null,
  run_id uuid not null,
  content_hash text not null,
  published_by text not null,
  published_at timestamptz not null,
  primary key (organization_id, run_id)
);

create table claim (
  organization_id text not null,
  run_id uuid not null,
  claim_id text not null,
  position int not null,
  body jsonb not null,
  primary key (organization_id, run_id, claim_id),
  foreign key (organization_id, run_id) references published_report (organization_id, run_id)
);
