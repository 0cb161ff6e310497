-- Why no scheduler holds a DAG at the moment: its rows cannot be read, or nothing that is decided about it can be written.
-- The owner's word when it gives the DAG up; gone as soon as one can go on with it.

alter table dag
  add column quarantine text,
  add column quarantined_at timestamptz,
  add constraint quarantine_has_time check ((quarantine is null) = (quarantined_at is null)),
  add constraint quarantine_has_no_owner check (quarantine is null or owner is null);
