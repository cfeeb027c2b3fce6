-- Tables of better-auth under our names; a test compares them with what the library expects.

create table users (
  id text primary key,
  name text not null,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table sessions (
  id text primary key,
  expires_at timestamptz not null,
  -- SHA-256 of what the holder presents; the secret itself is stored nowhere.
  token text not null unique,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null,
  -- A network prefix, not the whole address.
  ip_address text,
  user_agent text,
  user_id text not null references users (id) on delete cascade,
  active_organization_id text
);

create index sessions_user_id_idx on sessions (user_id);

create table accounts (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references users (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null,
  unique (provider_id, account_id)
);

create index accounts_user_id_idx on accounts (user_id);

create table verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index verifications_identifier_idx on verifications (identifier);

create table organizations (
  id text primary key,
  name text not null,
  slug text not null unique,
  logo text,
  created_at timestamptz not null,
  metadata text
);

create table members (
  id text primary key,
  organization_id text not null references organizations (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz not null,
  unique (organization_id, user_id)
);

create index members_organization_id_idx on members (organization_id);
create index members_user_id_idx on members (user_id);

create table invitations (
  id text primary key,
  organization_id text not null references organizations (id) on delete cascade,
  email text not null check (email = lower(email)),
  role text check (role in ('admin', 'member', 'viewer')),
  status text not null check (status in ('pending', 'accepted', 'revoked', 'expired')),
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  inviter_id text not null references users (id) on delete cascade,
  -- SHA-256 of the token in the link.
  token_hash text not null unique
);

create index invitations_organization_id_idx on invitations (organization_id);
create index invitations_email_idx on invitations (email);
create unique index invitations_one_pending_idx on invitations (organization_id, email) where status = 'pending';
