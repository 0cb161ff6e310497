import { previewClear } from "../../commands/clear-tasks";
import { previewMark } from "../../commands/mark-tasks";
import { buildGraph, type Graph } from "../../domain/graph";
import { TaskId } from "../../domain/ids";
import { SerializedDag } from "../../domain/serialized-dag";
import { TASK_STATES, type MarkState } from "../../domain/task-instance";
import { aDag } from "../seed";
import type { Database } from "./database";
import type { Random } from "./random";
import type { Row } from "./rows";

/** Writes the DAGs of this world as the loader would have. */
export function writeDags(db: Database, random: Random, count: number): void {
  const rows = Array.from({ length: count }, (_, at) => aRandomDag(random, `dag_${at}`));
  db.transact([
    {
      name: "seed",
      text: "",
      values: rows.map((dag) => JSON.stringify(dag)),
    },
  ]);
}

function aRandomDag(random: Random, id: string): SerializedDag {
  const size = 1 + random.below(5);
  const tasks = Object.fromEntries(
    Array.from({ length: size }, (_, at) => [
      `t${at}`,
      Array.from({ length: at }, (__, up) => `t${up}`).filter(() => random.chance(0.4)),
    ]),
  );
  const dag = aDag({
    ...{ id, tasks },
    ...(random.chance(0.3) ? { schedule: ["* * * * *"] } : {}),
    settings: {
      maxActiveTasks: random.pick([1, 2, 16]) ?? 16,
      maxActiveRuns: random.pick([1, 2, 16]) ?? 16,
      timeoutMs: random.chance(0.2) ? 60_000 : null,
    },
  });
  return SerializedDag.parse({
    ...dag,
    ...(random.chance(0.3) ? { refined: true } : {}),
    nodes: dag.nodes.map((node) => ({
      ...node,
      args: random.chance(0.3) ? node.after.map((up) => ({ ref: up })) : [],
      settings: {
        ...node.settings,
        retries: random.below(3),
        lostRetries: random.below(3),
        retryDelayMs: random.pick([0, 500, 5_000]) ?? 0,
        timeoutMs: random.chance(0.2) ? 15_000 : null,
      },
    })),
  });
}

/** What people do, each at a door of their own: a row of the command table, made from what they see. */
export function act(db: Database, random: Random, idempotencyKey: string): void {
  const dag = random.pick(db.rows("dag"));
  if (!dag) return;
  const dagId = String(dag["dag_id"]);
  const dice = random.next();
  if (dice < 0.12) {
    db.transact([{ name: "set_paused", text: "", values: [dagId, dag["paused"] !== true, idempotencyKey] }]);
    return;
  }
  const run = random.pick(db.rows("dag_run").filter((row) => row["dag_id"] === dagId));
  if (!run || dice < 0.5) {
    ask(db, "trigger_run", { dagId, idempotencyKey, logicalDate: null, conf: {} });
    return;
  }
  const runId = String(run["run_id"]);
  if (dice < 0.62) {
    ask(db, "cancel_run", { dagId, runId, idempotencyKey });
    return;
  }
  const named = random.pick(tasksOf(db, run));
  if (!named) return;
  const scope = { taskIds: [named.taskId], withDownstream: random.chance(0.6) };
  if (dice < 0.85) {
    askToClear(db, run, { ...scope, onlyFailed: random.chance(0.2) }, idempotencyKey);
    return;
  }
  const to = random.pick<MarkState>(["success", "failed", "skipped"]) ?? "success";
  askToMark(db, run, { ...scope, to }, idempotencyKey);
}

interface Scope {
  readonly taskIds: readonly TaskId[];
  readonly withDownstream: boolean;
}

/** With the digest of what they see. */
export function askToClear(
  db: Database,
  run: Row,
  given: Scope & { readonly onlyFailed: boolean },
  idempotencyKey: string,
): void {
  const scope = { ...given, taskIds: [...given.taskIds], mapIndex: null };
  const graph = graphOf(db, run);
  if (!graph) return;
  const { digest } = previewClear(tasksOf(db, run), graph, scope);
  ask(db, "clear_tasks", { ...idsOf(run), scope, digest, idempotencyKey });
}

export function askToMark(
  db: Database,
  run: Row,
  given: Scope & { readonly to: MarkState },
  idempotencyKey: string,
): void {
  const scope = { ...given, taskIds: [...given.taskIds], mapIndex: null };
  const graph = graphOf(db, run);
  if (!graph) return;
  const { digest } = previewMark(tasksOf(db, run), graph, scope);
  ask(db, "mark_tasks", { ...idsOf(run), scope, digest, idempotencyKey });
}

const idsOf = (run: Row) => ({ dagId: String(run["dag_id"]), runId: String(run["run_id"]) });
const tasksOf = (db: Database, run: Row) =>
  db
    .rows("task_instance")
    .filter((task) => task["run_key"] === run["run_key"])
    .map(seen);

/** At the end nothing stays paused, so that everything can come to its end. */
export function unpauseAll(db: Database): void {
  for (const dag of db.rows("dag")) {
    db.transact([{ name: "set_paused", text: "", values: [String(dag["dag_id"]), false, "end"] }]);
  }
}

export interface Asked {
  readonly dagId: string;
  readonly idempotencyKey: string;
}

export function ask(db: Database, kind: string, args: Readonly<Record<string, unknown>> & Asked) {
  const values = ["sim", args.idempotencyKey, kind, args.dagId, JSON.stringify(args)];
  db.transact([{ name: "insert_command", text: "", values }]);
}

function graphOf(db: Database, run: Row): Graph | undefined {
  const version = db.find("dag_version", `${String(run["dag_id"])}/${String(run["version"])}`);
  return version && buildGraph(SerializedDag.parse(JSON.parse(String(version["structure"]))));
}

function seen(task: Row) {
  return {
    taskId: TaskId.parse(task["task_id"]),
    mapIndex: Number(task["map_index"]),
    state: TASK_STATES.find((state) => state === task["state"]) ?? "none",
    attempt: Number(task["attempt"]),
  };
}
