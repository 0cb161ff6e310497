import { claimDags, countShare, ofOwner, quarantineDag, releaseDags, setOwnerColumns } from "./ownership";
import { sqlError, TABLES, type Row, type TableName, type Transaction, type Value } from "./rows";
import {
  cell,
  expectRows,
  INTO,
  isOpen,
  list,
  lives,
  recordset,
  unnest,
  type Statement,
} from "./statement-parts";

const joined = (row: Row, ...columns: string[]) => columns.map((column) => String(row[column])).join("/");

export const keyOf = {
  task: (row: Row) => joined(row, "run_key", "task_id", "map_index"),
  attempt: (row: Row) => joined(row, "run_key", "task_id", "map_index", "number"),
  xcom: (row: Row) => joined(row, "run_key", "task_id", "map_index", "key"),
  run: (row: Row) => joined(row, "run_key"),
};

function insertNew(db: Transaction, table: TableName, key: string, row: Row): void {
  if (db.find(table, key)) throw sqlError("23505", `duplicate key ${key}`, `${table}_pkey`);
  db.put(table, key, row);
}

const isEnded = ({ state }: Row) =>
  ["success", "failed", "skipped", "upstream_failed", "removed"].includes(String(state));
const fence: Statement = (db, [process, seq]) => {
  const id = String(cell(process));
  if (db.rules.fenceRefusesDead && !lives(db, id)) throw sqlError("VN001", `process ${id} is deposed`);
  const seen = db.rows("flush_log").some((row) => row["process"] === id && Number(row["seq"]) >= Number(seq));
  if (db.rules.fenceRefusesOld && seen) {
    throw sqlError("VN003", `flush ${String(seq)} of process ${id} is committed already`);
  }
  db.put("flush_log", `${id}/${String(seq)}`, { process: id, seq: cell(seq) });
  return [{ now: db.now }];
};

const insertRuns: Statement = (db, [owner, ...values], text) => {
  const wanted = unnest(text, values);
  const held = ofOwner(db, owner, wanted).filter(({ want, dag }) => {
    return want["type"] !== "scheduled" || (dag["active"] === true && dag["paused"] === false);
  });
  for (const { want } of held) {
    const clash = db.rows("dag_run").find((run) => {
      const date = want["logical_date"] instanceof Date ? want["logical_date"].getTime() : undefined;
      const other = run["logical_date"] instanceof Date ? run["logical_date"].getTime() : undefined;
      const same = run["run_id"] === want["run_id"] || (date !== undefined && date === other);
      return run["dag_id"] === want["dag_id"] && same;
    });
    if (clash) throw sqlError("23505", `run ${String(want["run_id"])} exists`, "dag_run_dag_id_run_id_key");
    insertNew(db, "dag_run", keyOf.run(want), { ...want, clear_number: 0 });
  }
  return expectRows(held.length, wanted.length);
};

const moveRuns: Statement = (db, values) => {
  const wanted = recordset(values);
  const moved = wanted.filter((want) => {
    const { old_state: state, old_clear: clear, ...rest } = want;
    const run = db.find("dag_run", keyOf.run(want));
    if (!run || run["state"] !== state || run["clear_number"] !== clear) return false;
    db.put("dag_run", keyOf.run(run), { ...run, ...rest });
    return true;
  });
  return expectRows(moved.length, wanted.length);
};

const moveTasks: Statement = (db, values) => {
  const wanted = recordset(values);
  const moved = wanted.filter((want) => {
    const { old_state: state, old_exec: exec, ...rest } = want;
    const task = db.find("task_instance", keyOf.task(want));
    if (!task) return false;
    if (db.rules.comparesExec && (task["state"] !== state || task["exec"] !== exec)) return false;
    db.put("task_instance", keyOf.task(task), { ...task, ...rest });
    return true;
  });
  return expectRows(moved.length, wanted.length);
};

const insertTasks: Statement = (db, values, text) => {
  for (const row of unnest(text, values, INTO)) insertNew(db, "task_instance", keyOf.task(row), row);
  return [];
};

const insertAttempts: Statement = (db, values) => {
  for (const row of recordset(values)) insertNew(db, "task_attempt", keyOf.attempt(row), row);
  return [];
};

const assertEnded: Statement = (db, [text]) => {
  const runKeys = JSON.parse(String(text)) as unknown[];
  const open = db.rows("task_instance").filter((task) => runKeys.includes(task["run_key"]) && !isEnded(task));
  return expectRows(open.length, 0);
};

const deleteXcoms: Statement = (db, values) => {
  const wanted = new Set(recordset(values).map(keyOf.task));
  for (const row of db.rows("xcom")) if (wanted.has(keyOf.task(row))) db.remove("xcom", keyOf.xcom(row));
  return [];
};

const writeXcoms: Statement = (db, values) => {
  for (const row of recordset(values)) db.put("xcom", keyOf.xcom(row), row);
  return [];
};

const answerCommands: Statement = (db, [ids, outcomes, payload]) => {
  const answered = list(ids).filter((id, at) => {
    const command = db.find("command", String(id));
    if (!command || command["outcome"] !== null) return false;
    db.put("command", String(id), { ...command, outcome: list(outcomes)[at] ?? null, answered_at: db.now });
    return true;
  });
  db.notify("vane_answer", String(cell(payload)));
  return expectRows(answered.length, list(ids).length);
};

const openCommands: Statement = (db, [dagIds]) =>
  db
    .rows("command")
    .filter((row) => row["outcome"] === null && list(dagIds).includes(row["dag_id"] ?? null))
    .map((row) => ({ ...row, expired: Number(row["expires_at"]) < db.now.getTime() }));

const openInbox: Statement = (db, [dagIds]) =>
  db.rows("inbox").filter((row) => list(dagIds).includes(row["dag_id"] ?? null));

const deleteInbox: Statement = (db, [ids]) => {
  for (const id of list(ids)) db.remove("inbox", String(id));
  return [];
};

const beat: Statement = (db, [id, acknowledged, info]) => {
  for (const row of db.rows("flush_log")) {
    const own = row["process"] === cell(id) && Number(row["seq"]) < Number(acknowledged);
    if (own || db.find("process", String(row["process"]))?.["dead"] === true) {
      db.remove("flush_log", `${String(row["process"])}/${String(row["seq"])}`);
    }
  }
  const process = db.find("process", String(cell(id)));
  if (process) {
    const beaten = { beat: Number(process["beat"]) + 1, beat_at: db.now, info: cell(info) };
    db.put("process", String(cell(id)), { ...process, ...beaten });
  }
  return [];
};

const insertProcess: Statement = (db, [id, ...rest]) => {
  if (db.find("process", String(cell(id)))) return [];
  const [kind, host, boot_id, pid_namespace, pid, pid_start, format, address, info] = rest.map(cell);
  const who = { id, kind, host, boot_id, pid_namespace, pid, pid_start, format, address, info };
  const row = { ...who, beat: 0, beat_at: db.now, dead: false, dead_reason: null };
  db.put("process", String(cell(id)), row as Row);
  return [];
};

const beatWorkers: Statement = (db, values, text) => {
  for (const want of unnest(text, values)) {
    const known = db.find("process", String(want["id"]));
    if (known?.["dead"] === true) continue;
    const beaten = {
      beat: Number(known?.["beat"] ?? -1) + 1,
      beat_at: db.now,
      dead: false,
      dead_reason: null,
    };
    db.put("process", String(want["id"]), { kind: "worker", ...want, ...beaten });
  }
  return [];
};

const markDead: Statement = (db, [id, reason]) => {
  const process = db.find("process", String(cell(id)));
  if (process?.["dead"] !== false) return [];
  db.put("process", String(cell(id)), { ...process, dead: true, dead_reason: cell(reason) });
  return [];
};

const runsOf = (db: Transaction, dagIds: Value | undefined) =>
  db
    .rows("dag_run")
    .filter((run) => list(dagIds).includes(run["dag_id"] ?? null) && isOpen(run))
    .sort((a, b) => Number(a["run_key"]) - Number(b["run_key"]));

const loadVersions: Statement = (db, [dagIds]) => {
  const open = new Set(runsOf(db, dagIds).map((run) => `${String(run["dag_id"])}/${String(run["version"])}`));
  const all = db.rows("dag_version").filter((row) => list(dagIds).includes(row["dag_id"] ?? null));
  const newest = (of: Row) =>
    all.every((other) => other["dag_id"] !== of["dag_id"] || Number(other["number"]) <= Number(of["number"]));
  return all.filter((row) => newest(row) || open.has(`${String(row["dag_id"])}/${String(row["number"])}`));
};

const loadOpenTasks: Statement = (db, [dagIds]) => {
  const open = new Set(runsOf(db, dagIds).map((run) => run["run_key"]));
  return db.rows("task_instance").filter((task) => open.has(task["run_key"]));
};

const findRuns: Statement = (db, [dagId, runIds, dates]) => {
  const times = new Set(list(dates).map((date) => new Date(String(date)).getTime()));
  return db.rows("dag_run").filter((run) => {
    const date = run["logical_date"];
    const taken = list(runIds).includes(run["run_id"] ?? null) || times.has(Number(date ?? NaN));
    return run["dag_id"] === cell(dagId) && taken;
  });
};

const readResults: Statement = (db, [runKey, taskIds]) =>
  db.rows("xcom").filter((row) => {
    const wanted = row["run_key"] === cell(runKey) && list(taskIds).includes(row["task_id"] ?? null);
    return wanted && row["key"] === "return_value";
  });

const insertCommand: Statement = (db, values) => {
  const [principal = null, idempotency_key = null, kind = null, dag_id = null, args = null] =
    values.map(cell);
  const id = db.nextId();
  const expires_at = new Date(db.now.getTime() + 3_600_000);
  const asked = { id, principal, idempotency_key, kind, dag_id, arguments: args, outcome: null, expires_at };
  db.put("command", String(id), asked);
  db.notify("vane_command", String(dag_id));
  return [asked];
};

const setPaused: Statement = (db, [dagId, paused]) => {
  const dag = db.find("dag", String(cell(dagId)));
  if (!dag || dag["paused"] === cell(paused)) return [];
  const id = db.nextId();
  db.put("dag", String(cell(dagId)), { ...dag, paused: cell(paused) });
  db.put("inbox", String(id), { id, dag_id: cell(dagId), kind: "paused", payload: "{}" });
  db.notify("vane_dag", String(cell(dagId)));
  return [{ was_paused: dag["paused"] ?? null }];
};

/** What a loader has to say to the DAG's owner. */
const putInbox: Statement = (db, [dagId, kind]) => {
  const id = db.nextId();
  db.put("inbox", String(id), { id, dag_id: cell(dagId), kind: cell(kind), payload: "{}" });
  db.notify("vane_dag", String(cell(dagId)));
  return [];
};

/** A DAG each, as the loader would have written it. */
const seed: Statement = (db, dags) => {
  db.put("bundle", "bundle", { hash: "bundle", code: "", source_map: "", file: "sim.ts" });
  for (const structure of dags.map(cell).map(String)) {
    const { id } = JSON.parse(structure) as { id: string };
    const version = {
      dag_id: id,
      number: 1,
      bundle_hash: "bundle",
      structure_hash: id,
      structure,
      format: 1,
    };
    db.put("dag_version", `${id}/1`, { ...version, lockfile_hash: "", created_at: db.now });
    db.put("dag", id, {
      ...{ dag_id: id, file: "sim.ts", paused: false, active: true, owner: null, owner_epoch: 0 },
      ...{ current_version: null, next_run: null, last_tick: null, created_at: db.now },
      ...{ quarantine: null, quarantined_at: null },
    });
  }
  return [];
};

/** What only a stage does: a row as it should never be, or none. */
const tamper: Statement = (db, [table, key, change]) => {
  const name = TABLES.find((known) => known === cell(table));
  const row = name && db.find(name, String(cell(key)));
  if (!row) throw new Error(`There is no row ${String(cell(key))} to tamper with.`);
  if (cell(change) === null) db.remove(name, String(cell(key)));
  else db.put(name, String(cell(key)), { ...row, ...(JSON.parse(String(cell(change))) as Row) });
  return [];
};

const nothing: Statement = () => [];

/** By the name of the prepared statement. */
export const statements: Readonly<Record<string, Statement>> = {
  seed,
  tamper,
  put_inbox: putInbox,
  fence,
  beat,
  claim_dags: claimDags,
  owned_dags: (db, [owner]) => db.rows("dag").filter((dag) => dag["owner"] === cell(owner)),
  release_dags: releaseDags,
  quarantine_dag: quarantineDag,
  set_owner_columns: setOwnerColumns,
  insert_runs: insertRuns,
  move_runs: moveRuns,
  insert_tasks: insertTasks,
  move_tasks: moveTasks,
  insert_attempts: insertAttempts,
  assert_ended: assertEnded,
  delete_xcoms: deleteXcoms,
  write_xcoms: writeXcoms,
  answer_commands: answerCommands,
  delete_inbox: deleteInbox,
  notify_runs: nothing,
  insert_process: insertProcess,
  beat_workers: beatWorkers,
  mark_dead: markDead,
  live_processes: (db) => db.rows("process").filter((row) => row["dead"] === false),
  read_workers: (db, [ids]) => db.rows("process").filter((row) => list(ids).includes(row["id"] ?? null)),
  count_share: countShare,
  load_dags: (db, [ids]) => db.rows("dag").filter((row) => list(ids).includes(row["dag_id"] ?? null)),
  load_versions: loadVersions,
  load_version: (db, [dagId, number]) =>
    db.rows("dag_version").filter((row) => row["dag_id"] === cell(dagId) && row["number"] === cell(number)),
  load_open_runs: (db, [dagIds]) => runsOf(db, dagIds),
  load_open_tasks: loadOpenTasks,
  load_run: (db, [dagId, runId]) =>
    db.rows("dag_run").filter((row) => row["dag_id"] === cell(dagId) && row["run_id"] === cell(runId)),
  load_tasks: (db, [runKey]) => db.rows("task_instance").filter((row) => row["run_key"] === cell(runKey)),
  find_runs: findRuns,
  open_callbacks: () => [], // nothing here calls functions
  open_commands: openCommands,
  open_inbox: openInbox,
  read_results: readResults,
  read_bundle: (db, [hash]) => db.rows("bundle").filter((row) => row["hash"] === cell(hash)),
  insert_command: insertCommand,
  set_paused: setPaused,
  one_moment: nothing,
  connection_secrets: nothing,
  variable_values: nothing,
};
