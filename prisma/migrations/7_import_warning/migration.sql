-- A file that could be loaded and yet is not what its author meant: a DAG that it makes and does not export.
alter table import_error add column severity text not null default 'error' check (severity in ('error', 'warning'));
