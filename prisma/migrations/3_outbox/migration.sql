-- Who is to be told, or called, because something happened to a task or a run. Written in the flush that decides it, so
-- that none is lost; the key keeps one from being written twice.

create table outbox (
  id bigint primary key generated always as identity,
  -- What happened to which attempt, and which entry of which list is told of it.
  dedupe_key text not null unique,
  kind text not null check (kind in ('notifier', 'function')),
  dag_id text not null,
  run_key bigint not null,
  -- An entry of a run's DAG is about the run; its task is then the first one that failed, if any did.
  about text not null check (about in ('task', 'run')),
  task_id text,
  map_index int,
  attempt int,
  event text not null check (event in ('success', 'failure', 'retry')),
  -- Where the entry stands, in the version that the run had then.
  version int not null,
  list text not null check (list in ('onSuccess', 'onFailure', 'onRetry')),
  position int not null,
  -- JSON: what was known when it was decided. The evidence is read from the attempt's row.
  happened text not null,
  notifier text,
  -- JSON object.
  options text not null default '{}',
  -- What a notifier goes through. One that hangs holds up no other.
  channel text,
  state text not null default 'pending' check (state in ('pending', 'sending', 'sent', 'failed')),
  tries int not null default 0,
  next_at timestamptz not null default now(),
  -- Who is at it: the triggerer that sends, the worker that was given the function.
  lease_owner uuid,
  -- Of a triggerer; a worker's exec ends otherwise.
  lease_until timestamptz,
  exec uuid,
  -- It may have arrived before: whoever sent it did not live to say, or heard no answer.
  repeated boolean not null default false,
  last_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  constraint notifier_has_channel check ((kind = 'notifier') = (channel is not null and notifier is not null)),
  constraint sending_has_owner check ((state = 'sending') = (lease_owner is not null)),
  constraint sent_has_time check ((state = 'sent') = (sent_at is not null))
);
create index outbox_to_send on outbox (channel, next_at) where kind = 'notifier' and state in ('pending', 'sending');
create index outbox_to_call on outbox (dag_id, id) where kind = 'function' and state in ('pending', 'sending');
