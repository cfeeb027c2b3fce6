-- One row per person and organisation: the first lock of every command.
create table user_slot (
  organization_id text not null,
  user_id text not null,
  primary key (organization_id, user_id)
);

create table thread (
  id uuid primary key,
  organization_id text not null,
  user_id text not null,
  title text not null,
  epoch integer not null default 1 check (epoch > 0),
  last_seq integer not null default 0 check (last_seq >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- A deleted thread keeps its row so that its id is never used for another log.
  deleted_at timestamptz,
  unique (organization_id, id)
);
create index thread_list on thread (organization_id, user_id, updated_at desc, id desc) where deleted_at is null;

create table thread_event (
  thread_id uuid not null,
  seq integer not null check (seq > 0),
  event_id uuid not null unique,
  organization_id text not null,
  type text not null,
  run_id uuid,
  step_id text,
  attempt integer check (attempt > 0),
  time timestamptz not null,
  -- The rest of the envelope and the payload, as the wire names them.
  body jsonb not null,
  primary key (thread_id, seq),
  foreign key (organization_id, thread_id) references thread (organization_id, id) on delete cascade,
  check ((step_id is null) = (attempt is null)),
  check (step_id is null or run_id is not null)
);
create index thread_event_run on thread_event (run_id, type) where run_id is not null;
-- A run ends once, whatever the code above believes.
create unique index thread_event_run_finished on thread_event (run_id) where type = 'run_finished';

create table message (
  thread_id uuid not null,
  id uuid not null,
  organization_id text not null,
  seq integer not null check (seq > 0),
  parent_message_id uuid,
  author text not null check (author in ('user', 'assistant')),
  kind text not null check (kind in ('question', 'reply', 'report')),
  text text not null,
  figures jsonb not null default '[]',
  run_id uuid,
  created_at timestamptz not null,
  primary key (thread_id, id),
  foreign key (organization_id, thread_id) references thread (organization_id, id) on delete cascade
);
create index message_order on message (thread_id, seq);

create table report (
  run_id uuid primary key,
  thread_id uuid not null,
  organization_id text not null,
  body jsonb not null,
  published_at timestamptz not null,
  foreign key (organization_id, thread_id) references thread (organization_id, id) on delete cascade
);
create index report_thread on report (thread_id);
