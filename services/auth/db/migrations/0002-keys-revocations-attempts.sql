create table signing_key (
  kid text primary key,
  algorithm text not null,
  public_jwk jsonb not null,
  private_sealed bytea not null,
  created_at timestamptz not null,
  active_from timestamptz not null
);

-- Sessions that ended while access tokens of theirs may still live; read by whoever verifies tokens.
create table revoked_sessions (
  session_id text primary key,
  revoked_at timestamptz not null default clock_timestamp()
);

create index revoked_sessions_revoked_at_idx on revoked_sessions (revoked_at);

-- A trigger, so that no way of deleting a session can forget to revoke its tokens.
create function record_revoked_session() returns trigger language plpgsql as $$
begin
  execute format('insert into %I.revoked_sessions (session_id) values ($1) on conflict do nothing', tg_table_schema)
    using old.id;
  return old;
end
$$;

create trigger sessions_revoked after delete on sessions for each row execute function record_revoked_session();

-- Failed sign-ins by account and by network, both named by a hash.
create table sign_in_attempts (
  key text primary key,
  failures integer not null,
  last_at timestamptz not null,
  blocked_until timestamptz
);
