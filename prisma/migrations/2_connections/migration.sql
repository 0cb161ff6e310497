-- What tasks may talk to. Secrets are JSON ciphertexts ({"key", "nonce", "data"}, AES-256-GCM) that are worth something
-- only in their own row and column; the keys are never in the database.

create table connection (
  id text primary key,
  kind text not null check (kind in ('postgres', 'http', 'telegram', 'generic')),
  host text,
  port int check (port between 1 and 65535),
  login text,
  schema text,
  -- JSON object without anything secret.
  extra text not null default '{}',
  -- Ciphertext of a JSON object of strings.
  secrets text not null,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

create table variable (
  key text primary key,
  -- Ciphertext, too: nobody can tell a setting from a secret.
  value text not null,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

-- Who changed which setting, and when; never to what.
create table audit_event (
  id bigint primary key generated always as identity,
  at timestamptz not null default now(),
  principal text not null,
  -- "connection.added", "variable.deleted", ...
  action text not null,
  subject text not null
);
