-- Who may come in, and what they have done. The first four tables are those of better-auth, column for column (a test
-- holds them against what it asks for); ids are its own text.

create table "user" (
  id text primary key,
  name text not null,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  role text not null default 'viewer' check (role in ('viewer', 'user', 'op', 'admin')),
  banned boolean not null default false,
  ban_reason text,
  ban_expires timestamptz
);

-- The token is half of a cookie: without its signature, whose key is never in the database, it opens nothing.
create table session (
  id text primary key,
  token text not null unique,
  user_id text not null references "user" on delete cascade,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ip_address text,
  user_agent text,
  impersonated_by text
);
create index session_by_user on session (user_id);

-- How somebody proves who he is: by a password (scrypt), later by others.
create table account (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references "user" on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index account_by_user on account (user_id);

-- What is good for once and for a while. The link of the first admin is here by the hash of its token.
create table verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verification_identifier on verification (identifier);

-- Wrong passwords, by account and by client address.
create table rate_limit (
  key text primary key,
  points int not null check (points >= 0),
  expires_at timestamptz not null
);

-- JSON object, without anything secret; and from where, if it came over the net.
alter table audit_event add column detail text not null default '{}', add column address text;
