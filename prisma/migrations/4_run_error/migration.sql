-- What failed a run when none of its attempts did: {"name", "message", "stack", "code"}, JSON, as in task_attempt.error.
alter table dag_run add column error text;
