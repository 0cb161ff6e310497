import { readFile } from "node:fs/promises";
import type { Client } from "pg";
import { expect, inject, it } from "vitest";
import { withDatabase } from "../supervisor/embedded-postgres";
import { createTestDb } from "../testing/test-db";
import { withSchemaEngine } from "./schema-engine";

const SCHEMA = "prisma/schema.prisma";

const connect = await createTestDb();
const db = await connect();
const drifted = await (await createTestDb())();

/** The SQL that would turn this database into what schema.prisma says, by Prisma's own engine. */
async function scriptToSchema({ database = "" }: Client): Promise<string | null> {
  const content = await readFile(SCHEMA, "utf8");
  const files = [{ path: SCHEMA, content }];
  return withSchemaEngine(withDatabase(inject("adminUrl"), database), [[SCHEMA, content]], async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: "." },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout;
  });
}

const rows = async (sql: string) => (await db.query<{ line: string }>(sql)).rows.map(({ line }) => line);

it("finds nothing to change between the migrations and schema.prisma", async () => {
  expect(await scriptToSchema(db)).toBe("-- This is an empty migration.\n");
});

it("would find a type, a default, a column, a key and an index that differ", async () => {
  await drifted.query("alter table dag_run alter logical_date type timestamp");
  await drifted.query("alter table inbox alter payload drop default, drop column kind");
  await drifted.query("alter table dag_version drop constraint dag_version_bundle_hash_fkey");
  await drifted.query("drop index dag_run_list");
  const script = await scriptToSchema(drifted);
  const missing = ["logical_date", "payload", "kind", "dag_version_bundle_hash_fkey", "dag_run_list"];
  for (const name of missing) expect(script).toContain(`"${name}"`);
});

/*
 * What Prisma cannot say and therefore does not guard. Whoever drops or adds one of these says so here, too.
 */

it("has the CHECKs that were written by hand", async () => {
  const sql = `select conrelid::regclass || ': ' || conname as line from pg_constraint
               where contype = 'c' and connamespace = 'public'::regnamespace order by line`;
  expect(await rows(sql)).toMatchInlineSnapshot(`
    [
      ""user": user_email_check",
      ""user": user_role_check",
      "connection: connection_kind_check",
      "connection: connection_port_check",
      "dag: quarantine_has_no_owner",
      "dag: quarantine_has_time",
      "dag_run: dag_run_state_check",
      "dag_run: dag_run_type_check",
      "dag_run: ended_when_terminal",
      "dag_run: failed_has_reason",
      "import_error: import_error_severity_check",
      "outbox: notifier_has_channel",
      "outbox: outbox_about_check",
      "outbox: outbox_event_check",
      "outbox: outbox_kind_check",
      "outbox: outbox_list_check",
      "outbox: outbox_state_check",
      "outbox: sending_has_owner",
      "outbox: sent_has_time",
      "process: dead_has_reason",
      "process: process_kind_check",
      "rate_limit: rate_limit_points_check",
      "task_instance: budgets_left",
      "task_instance: exec_in_live_states",
      "task_instance: intent_while_running",
      "task_instance: known_state",
      "task_instance: reason_when_terminal",
      "xcom: value_or_reference",
    ]
  `);
});

it("has the partial indexes, each with its condition", async () => {
  const sql = `select c.relname || case when indisunique then ' unique' else '' end || ': ' ||
                      pg_get_expr(indpred, indrelid) as line
               from pg_index join pg_class c on c.oid = indexrelid
               where indpred is not null and c.relnamespace = 'public'::regnamespace order by line`;
  expect(await rows(sql)).toMatchInlineSnapshot(`
    [
      "command_open: (outcome IS NULL)",
      "dag_run_logical_date unique: (logical_date IS NOT NULL)",
      "dag_run_open: (state = ANY (ARRAY['queued'::text, 'running'::text]))",
      "outbox_to_call: ((kind = 'function'::text) AND (state = ANY (ARRAY['pending'::text, 'sending'::text])))",
      "outbox_to_send: ((kind = 'notifier'::text) AND (state = ANY (ARRAY['pending'::text, 'sending'::text])))",
      "task_attempt_failures: (state = 'failed'::text)",
    ]
  `);
});

it("has the functions that flushes rely on", async () => {
  const sql = `select p.oid::regprocedure || ' -> ' || p.prorettype::regtype as line from pg_proc p
               where pronamespace = 'public'::regnamespace order by line`;
  expect(await rows(sql)).toMatchInlineSnapshot(`
    [
      "vane_assert_ended(json) -> void",
      "vane_delete_xcoms(json) -> void",
      "vane_expect(bigint,bigint) -> void",
      "vane_fence(uuid,bigint) -> timestamp with time zone",
      "vane_flush(uuid,bigint,json,json,json,json,json,json,text) -> timestamp with time zone",
      "vane_insert_attempts(json) -> void",
      "vane_move_runs(json) -> void",
      "vane_move_tasks(json) -> void",
      "vane_write_xcoms(json) -> void",
    ]
  `);
});

it("leaves room in the pages of task_instance for HOT updates", async () => {
  const sql = `select relname || ': ' || array_to_string(reloptions, ', ') as line from pg_class
               where reloptions is not null and relnamespace = 'public'::regnamespace order by line`;
  expect(await rows(sql)).toMatchInlineSnapshot(`
    [
      "task_instance: fillfactor=70",
    ]
  `);
});

it("has no index on task_instance but its key, since one on a column that moves ends HOT", async () => {
  const sql = `select indexrelid::regclass::text as line from pg_index
               where indrelid = 'task_instance'::regclass`;
  expect(await rows(sql)).toEqual(["task_instance_pkey"]);
});
