-- Tables of the engine. Column rules: every time is timestamptz; JSON that only passes through is text (jsonb refuses
-- \u0000 and lone surrogates); task_instance has no index but its key, since one on a column that moves ends HOT updates.

create table process (
  id uuid primary key,
  kind text not null check (kind in ('supervisor', 'scheduler', 'loader', 'triggerer', 'worker', 'web')),
  host text not null,
  -- Proof of death on the same machine: same boot, same pid namespace, and no such pid with that start any more.
  boot_id text not null,
  pid_namespace text not null,
  pid int not null,
  pid_start text not null,
  -- The newest SerializedDag format it can read, for rolling upgrades.
  format int not null default 1,
  -- Where it listens, if it does: the worker's socket, the web server's URL.
  address text,
  -- What its kind wants to say of itself, JSON: a worker's slots, a loop's counts.
  info text not null default '{}',
  started_at timestamptz not null default now(),
  -- Rises once every 2 s while its loop makes progress; observers compare it with itself, never with a clock.
  beat bigint not null default 0,
  beat_at timestamptz not null default now(),
  dead boolean not null default false,
  dead_reason text,
  constraint dead_has_reason check (dead = (dead_reason is not null))
);

-- Append-only: what a process wrote stays a fact, also when nobody heard the answer.
create table flush_log (process uuid not null, seq bigint not null, primary key (process, seq));

create table bundle (
  hash text primary key,
  code text not null,
  source_map text not null,
  created_at timestamptz not null default now()
);

create table dag (
  dag_id text primary key,
  -- Relative to the project.
  file text not null,
  paused boolean not null default false,
  -- False once no file defines it any more; history stays.
  active boolean not null default true,
  owner uuid,
  owner_epoch bigint not null default 0,
  current_version int,
  -- The owner's: next tick, and the tick it has created last (what lies between is due or missed).
  next_run timestamptz,
  last_tick timestamptz,
  created_at timestamptz not null default now()
);

create table dag_version (
  dag_id text not null references dag,
  number int not null,
  bundle_hash text not null references bundle,
  structure_hash text not null,
  -- SerializedDag, canonical JSON.
  structure text not null,
  format int not null,
  lockfile_hash text not null,
  created_at timestamptz not null default now(),
  primary key (dag_id, number)
);

create table import_error (
  file text primary key,
  code text not null,
  sentence text not null,
  line int,
  col int,
  frame text,
  stack text,
  -- DAGs of this file that go on with their last good version.
  dag_ids text[] not null default '{}',
  seen_at timestamptz not null default now()
);

create table dag_run (
  run_key bigint primary key,
  dag_id text not null references dag,
  run_id text not null,
  type text not null check (type in ('scheduled', 'manual', 'backfill', 'asset_triggered')),
  state text not null check (state in ('queued', 'running', 'success', 'failed')),
  -- What people or a timer asked for and the last exit will settle: {"to", "reason"}, JSON.
  intent text,
  reason text,
  logical_date timestamptz,
  interval_start timestamptz not null,
  interval_end timestamptz not null,
  run_after timestamptz not null,
  -- JSON object: the run's params, defaults filled in.
  conf text not null default '{}',
  version int not null,
  clear_number int not null default 0,
  triggered_by text not null,
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  unique (dag_id, run_id),
  foreign key (dag_id, version) references dag_version (dag_id, number),
  constraint ended_when_terminal check ((ended_at is not null) = (state in ('success', 'failed'))),
  constraint failed_has_reason check (state <> 'failed' or reason is not null)
);
create unique index dag_run_logical_date on dag_run (dag_id, logical_date) where logical_date is not null;
create index dag_run_list on dag_run (dag_id, run_key desc);
create index dag_run_open on dag_run (dag_id) where state in ('queued', 'running');

create table task_instance (
  run_key bigint not null,
  task_id text not null,
  -- -1: not mapped, or not expanded yet.
  map_index int not null default -1,
  state text not null default 'none',
  attempt int not null default 1,
  exec uuid,
  worker uuid,
  -- Where a running attempt goes once its exit is confirmed: {"to", "reason"}, JSON.
  intent text,
  reason text,
  wake_at timestamptz,
  scheduled_at timestamptz,
  dispatched_at timestamptz,
  -- The worker's clock; in the flush after the dispatch's, at most 1 s later.
  started_at timestamptz,
  ended_at timestamptz,
  left_retry int not null,
  left_lost int not null,
  left_interrupted int not null,
  left_queue_timeout int not null,
  primary key (run_key, task_id, map_index),
  -- The invariants of task-moves.ts once more, where no code can get round them.
  constraint known_state check (state in ('none', 'scheduled', 'queued', 'running', 'restarting', 'up_for_retry',
    'up_for_reschedule', 'deferred', 'awaiting_input', 'success', 'failed', 'skipped', 'upstream_failed', 'removed')),
  constraint exec_in_live_states check ((exec is not null) = (state in ('queued', 'running', 'restarting'))),
  constraint intent_while_running check (intent is null or state = 'running'),
  constraint reason_when_terminal check
    (state not in ('success', 'failed', 'skipped', 'upstream_failed', 'removed') or reason is not null),
  constraint budgets_left check (least(left_retry, left_lost, left_interrupted, left_queue_timeout) >= 0)
) with (fillfactor = 70);

-- Written once, when an attempt ends, and never again.
create table task_attempt (
  run_key bigint not null,
  task_id text not null,
  map_index int not null,
  number int not null,
  -- What the attempt ended as, and why, with the evidence.
  state text not null,
  reason text not null,
  scheduled_at timestamptz,
  dispatched_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz not null,
  duration_ms double precision,
  exec uuid,
  worker uuid,
  host text,
  pid int,
  version int not null,
  exit_code int,
  signal text,
  -- {"name", "message", "stack", "code"}, JSON.
  error text,
  -- The same for the same failure, whatever ids and numbers its message carries.
  fingerprint text,
  log_bytes bigint not null default 0,
  log_truncated boolean not null default false,
  primary key (run_key, task_id, map_index, number)
);
create index task_attempt_failures on task_attempt (ended_at desc) where state = 'failed';

create table xcom (
  run_key bigint not null,
  task_id text not null,
  map_index int not null,
  key text not null,
  -- JSON text, or a reference into the object store.
  value text,
  reference text,
  bytes bigint not null,
  primary key (run_key, task_id, map_index, key),
  constraint value_or_reference check ((value is null) <> (reference is null))
);

create table command (
  id bigint primary key generated always as identity,
  principal text not null,
  idempotency_key text not null,
  kind text not null,
  dag_id text not null,
  arguments text not null,
  -- JSON; null while nobody has answered.
  outcome text,
  created_at timestamptz not null default now(),
  answered_at timestamptz,
  expires_at timestamptz not null default now() + interval '1 hour',
  unique (principal, idempotency_key)
);
create index command_open on command (dag_id) where outcome is null;

-- Word for a DAG's owner from somebody who does not own it; read, applied and deleted in the owner's flush.
create table inbox (
  id bigint primary key generated always as identity,
  dag_id text not null,
  kind text not null,
  payload text not null default '{}',
  dedupe_key text unique,
  created_at timestamptz not null default now()
);
create index inbox_dag on inbox (dag_id);

-- The shared lock is held until commit, so that a process is declared dead before its flush or after it, never within.
-- A seq that is not above all seen is an old flush: trimming leaves the newest row, so that this holds for ever.
create function vane_fence(p_process uuid, p_seq bigint) returns timestamptz language plpgsql as $$
begin
  perform from process where id = p_process and not dead for share;
  if not found then
    raise exception 'process % is deposed', p_process using errcode = 'VN001';
  end if;
  if exists (select from flush_log where process = p_process and seq >= p_seq) then
    raise exception 'flush % of process % is committed already', p_seq, p_process using errcode = 'VN003';
  end if;
  insert into flush_log values (p_process, p_seq);
  return clock_timestamp();
end $$;

-- A pipelined transaction cannot look at a row count before its COMMIT is on the wire: the database must.
create function vane_expect(actual bigint, expected bigint) returns void language plpgsql as $$
begin
  if actual <> expected then
    raise exception '% rows instead of %', actual, expected using errcode = 'VN002';
  end if;
end $$;
