create table run (
  id uuid primary key,
  thread_id uuid not null,
  organization_id text not null,
  -- For whom the run works: with the organisation, the facts its delegation tokens state.
  user_id text not null,
  role text not null,
  message_id uuid not null,
  reply_message_id uuid not null,
  question text not null,
  correlation_id text not null,
  state text not null check (state in ('queued', 'running', 'finished')),
  waiting_for text,
  created_at timestamptz not null,
  started_at timestamptz,
  deadline_at timestamptz not null,
  finished_at timestamptz,
  outcome text check (outcome in ('completed', 'stopped', 'failed')),
  report_kind text check (report_kind in ('full', 'partial', 'guidance', 'fallback')),
  -- Dollars as decimal text; null while unknown.
  cost_usd text,
  -- Position of run_finished in the thread.
  finished_seq integer,
  foreign key (organization_id, thread_id) references thread (organization_id, id) on delete cascade,
  unique (thread_id, message_id),
  check ((state = 'finished') = (outcome is not null)),
  check ((state = 'finished') = (finished_at is not null)),
  check (state <> 'running' or started_at is not null)
);
create index run_of_thread on run (thread_id, created_at, id);
create index run_of_user on run (organization_id, user_id, created_at, id) where state <> 'finished';
create index run_unfinished on run (state, deadline_at) where state <> 'finished';
-- One run answers in a thread at a time; the others wait.
create unique index run_active_in_thread on run (thread_id) where state = 'running';

-- The fence: only the newest attempt of a step may append.
create table run_step (
  run_id uuid not null references run (id) on delete cascade,
  step_id text not null,
  attempt integer not null check (attempt > 0),
  primary key (run_id, step_id)
);

create table step_result (
  run_id uuid not null,
  step_id text not null,
  result jsonb not null,
  created_at timestamptz not null default now(),
  primary key (run_id, step_id),
  foreign key (run_id, step_id) references run_step (run_id, step_id) on delete cascade
);

create table command (
  organization_id text not null,
  user_id text not null,
  id uuid not null,
  kind text not null,
  request_hash bytea not null,
  -- What was answered, given again when the command is repeated.
  outcome jsonb not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, user_id, id)
);
create index command_age on command (created_at);

-- Which nodes are alive, so that another one takes over the runs of a dead one.
create table node (
  executor_id text primary key,
  seen_at timestamptz not null
);
