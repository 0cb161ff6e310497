-- Which tasks were told a connection, and when last (ENGINE section 7). No foreign keys: the environment defines
-- connections, too, and what a deleted DAG has used stays true.

create table connection_use (
  conn_id text not null,
  dag_id text not null,
  -- Empty: what ran for the DAG or its run, a callback say.
  task_id text not null,
  used_at timestamptz not null default now(),
  primary key (conn_id, dag_id, task_id)
);
