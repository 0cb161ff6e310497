import type { Client } from "pg";
import { z } from "zod";
import { DagId, ProcessId, RunId, RunKey, TaskId } from "../domain/ids";
import type { Json } from "../domain/serialized-dag";
import { SerializedDag } from "../domain/serialized-dag";
import type { Reason, TaskState } from "../domain/task-instance";

/*
 * Rows for tests of what reads them: a DAG with one version, runs, tasks, attempts. Each says what the test is about; the
 * rest is what an ordinary system would have written.
 */

interface DagSeed {
  readonly id?: string;
  /** Task ids with what each waits for. */
  readonly tasks?: Readonly<Record<string, readonly string[]>>;
  readonly params?: Json;
  readonly schedule?: readonly string[];
  readonly settings?: Readonly<Record<string, Json>>;
}

export function aDag(given: DagSeed = {}): SerializedDag {
  const {
    id = "hello",
    tasks = { fetch: [], save: ["fetch"] },
    params = null,
    schedule,
    settings = {},
  } = given;
  return SerializedDag.parse({
    format: 1,
    id,
    schedule: schedule ? { cron: schedule } : null,
    params,
    nodes: Object.entries(tasks).map(([taskId, after], at) => ({
      ...{ kind: "task", id: taskId, rule: "all_success", after, args: [], parameters: [] },
      ...{ settings: {}, line: at + 3 },
    })),
    settings,
  });
}

export async function seedDag(db: Client, given: DagSeed = {}): Promise<SerializedDag> {
  const dag = aDag(given);
  await db.query("insert into bundle (hash, code, source_map) values ('b', '', '') on conflict do nothing");
  await db.query("insert into dag (dag_id, file) values ($1, $2)", [dag.id, `${dag.id}.ts`]);
  await db.query(
    `insert into dag_version (dag_id, number, bundle_hash, structure_hash, structure, format, lockfile_hash)
     values ($1, 1, 'b', 's', $2, 1, '')`,
    [dag.id, JSON.stringify(dag)],
  );
  return dag;
}

/** A live scheduler that holds the DAG; it only exists, and answers nothing. */
export async function seedOwner(db: Client, dagId: string): Promise<ProcessId> {
  const id = ProcessId.parse(crypto.randomUUID());
  await db.query(
    `insert into process (id, kind, host, boot_id, pid_namespace, pid, pid_start)
     values ($1, 'scheduler', 'test', '', '', 1, '')`,
    [id],
  );
  await db.query("update dag set owner = $2, owner_epoch = owner_epoch + 1 where dag_id = $1", [dagId, id]);
  return id;
}

interface RunSeed {
  readonly dagId?: string;
  readonly runId?: string;
  readonly state?: "queued" | "running" | "success" | "failed";
  readonly reason?: Reason;
  readonly conf?: Readonly<Record<string, Json>>;
  readonly at?: string;
}

let lastRunKey = 0;

export async function seedRun(db: Client, given: RunSeed = {}) {
  const {
    dagId = "hello",
    runId = "manual__1",
    state = "running",
    conf = {},
    at = "2026-11-24T14:30:00Z",
  } = given;
  const ended = state === "success" || state === "failed";
  const runKey = RunKey.parse((lastRunKey += 1));
  const reason = given.reason ?? (state === "failed" ? "error" : ended ? "returned" : null);
  await db.query(
    `insert into dag_run (run_key, dag_id, run_id, type, state, reason, interval_start, interval_end, run_after, conf,
                          version, triggered_by, queued_at, started_at, ended_at)
     values ($1, $2, $3, 'manual', $4, $5, $6, $6, $6, $7, 1, 'cli:olga', $6, $8, $9)`,
    [
      ...[runKey, dagId, runId, state, reason, at, JSON.stringify(conf)],
      ...[state === "queued" ? null : at, ended ? new Date(Date.parse(at) + 4_200).toISOString() : null],
    ],
  );
  return { runKey, dagId: DagId.parse(dagId), runId: RunId.parse(runId) };
}

interface TaskSeed {
  readonly state?: TaskState;
  readonly attempt?: number;
  readonly mapIndex?: number;
  readonly reason?: Reason;
}

const TERMINAL: ReadonlySet<TaskState> = new Set([
  "success",
  "failed",
  "skipped",
  "upstream_failed",
  "removed",
]);
const LIVE: ReadonlySet<TaskState> = new Set(["queued", "running", "restarting"]);

export async function seedTask(
  db: Client,
  runKey: RunKey,
  id: string,
  given: TaskSeed = {},
): Promise<TaskId> {
  const { state = "none", attempt = 1, mapIndex = -1 } = given;
  const reason = given.reason ?? (TERMINAL.has(state) ? (state === "failed" ? "error" : "returned") : null);
  const started = state === "none" || state === "scheduled" ? null : "2026-11-24T14:30:01Z";
  await db.query(
    `insert into task_instance (run_key, task_id, map_index, state, attempt, exec, reason, dispatched_at, started_at,
                                ended_at, left_retry, left_lost, left_interrupted, left_queue_timeout)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, 1, 2, 10, 3)`,
    [
      ...[runKey, id, mapIndex, state, attempt, LIVE.has(state) ? crypto.randomUUID() : null, reason],
      ...[started, TERMINAL.has(state) ? "2026-11-24T14:30:02Z" : null],
    ],
  );
  return TaskId.parse(id);
}

export async function seedFailedAttempt(db: Client, runKey: RunKey, taskId: string, message: string) {
  const error = {
    name: "Error",
    message,
    stack: `Error: ${message}\n    at load (dags/hello.ts:3:9)`,
    code: null,
  };
  await db.query(
    `insert into task_attempt (run_key, task_id, map_index, number, state, reason, started_at, ended_at, duration_ms,
                               version, error)
     values ($1, $2, -1, 1, 'failed', 'error', '2026-11-24T14:30:01Z', '2026-11-24T14:30:02Z', 1000, 1, $3)`,
    [runKey, taskId, JSON.stringify(error)],
  );
}

const Count = z.object({ n: z.int() });

export async function countRows(db: Client, table: "command" | "inbox"): Promise<number> {
  const { rows } = await db.query<Record<string, unknown>>(`select count(*) as n from ${table}`);
  return Count.parse(rows[0]).n;
}
