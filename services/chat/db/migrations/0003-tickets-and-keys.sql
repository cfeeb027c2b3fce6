create table socket_ticket (
  -- SHA-256 of the ticket; the ticket itself is never stored.
  hash bytea primary key,
  organization_id text not null,
  user_id text not null,
  session_id text not null,
  role text not null,
  purpose text not null check (purpose in ('open', 'reconnect')),
  client_id text not null,
  origin text,
  -- When the identity was last proven by an access token; reconnect tickets do not renew it.
  proven_at timestamptz not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index socket_ticket_session on socket_ticket (session_id, created_at);
create index socket_ticket_expiry on socket_ticket (expires_at);

-- The service's own keys, with which it signs the delegation tokens of runs; private halves are sealed.
create table signing_key (
  kid text primary key,
  algorithm text not null,
  public_jwk jsonb not null,
  private_sealed bytea not null,
  created_at timestamptz not null,
  active_from timestamptz not null
);
