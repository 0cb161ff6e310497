import type { DagId, RunId } from "../domain/ids";
import { policyOf, runState, type RunState } from "../domain/run-state";
import {
  findRuns,
  loadDags,
  loadRun,
  loadTasks,
  loadVersion,
  loadVersions,
  type DagRow,
  type RunRow,
  type TaskRow,
  type VersionRow,
} from "../db/sql/load-dags";
import { JsonText } from "../db/sql/json-text";
import { UnreadableRow } from "../db/sql/statement";
import { openCommands, openInbox, type CommandRow } from "../db/sql/open-commands";
import { Command } from "../commands/command";
import type { Engine, Input } from "./engine";
import { gatherCallbacks } from "./gather-callbacks";
import { dagOfInput } from "./live-execs";
import { addVersion, type OwnedDag, type Version } from "./owned";
import { EVERYBODY, type Scope } from "./suspects";
import { gatherTicks, type DueTicks } from "./ticks";

/** What the decisions of one pass need from the database beyond the owner's memory. */
export interface Gathered {
  /** By command id: the run that it is about, ended and therefore not in memory. */
  readonly runs: ReadonlyMap<number, RunState>;
  /** By command id: what a new run would collide with. */
  readonly collisions: ReadonlyMap<number, readonly RunRow[]>;
  /** Rows that the inbox said have changed. */
  readonly dags: ReadonlyMap<DagId, { readonly row: DagRow; readonly versions: readonly VersionRow[] }>;
  readonly ticks: ReadonlyMap<DagId, DueTicks>;
}

/**
 * Reads between two flushes, while nothing of this owner is in flight: what it finds cannot change under it, but for an
 * old run that retention takes away. That is found out by the flush, and the next look finds no such run.
 */
export async function gather(engine: Engine, now: Date, scope: Scope): Promise<Gathered> {
  await lookAtDoors(engine);
  await gatherCallbacks(engine);
  const runs = new Map<number, RunState>();
  const collisions = new Map<number, readonly RunRow[]>();
  const dags = new Map<DagId, { row: DagRow; versions: readonly VersionRow[] }>();
  for (const input of inScope(engine, scope)) {
    if (input.kind === "command") await gatherCommand(engine, input.command, runs, collisions);
    if (input.kind === "inbox" && !dags.has(input.row.dagId)) {
      const ids = [input.row.dagId];
      const [row] = await engine.session.query(loadDags(ids));
      if (row) dags.set(row.dagId, { row, versions: await engine.session.query(loadVersions(ids)) });
    }
  }
  return { runs, collisions, dags, ticks: await gatherTicks(engine, now) };
}

/** Those that the pass may take. */
function inScope(engine: Engine, scope: Scope): readonly Input[] {
  if (scope === EVERYBODY) return engine.inputs;
  const mine = engine.inputs.filter((input) => scope.includes(dagOfInput(engine, input)));
  return scope.alone ? mine.slice(0, 1) : mine;
}

async function lookAtDoors({ look, dags, inputs, session }: Engine): Promise<void> {
  const wanted = look.everyDoor ? [...dags.keys()] : [...look.doors].filter((dagId) => dags.has(dagId));
  if (wanted.length > 0) {
    const known = new Set(
      inputs.flatMap((input) =>
        input.kind === "command"
          ? [`c${input.command.id}`]
          : input.kind === "inbox"
            ? [`i${input.row.id}`]
            : [],
      ),
    );
    for (const row of await session.query(openInbox(wanted))) {
      if (!known.has(`i${row.id}`)) inputs.push({ kind: "inbox", row });
    }
    for (const command of await session.query(openCommands(wanted))) {
      if (!known.has(`c${command.id}`)) inputs.push({ kind: "command", command });
    }
  }
  look.everyDoor = false;
  look.doors.clear();
}

async function gatherCommand(
  engine: Engine,
  row: CommandRow,
  runs: Map<number, RunState>,
  collisions: Map<number, readonly RunRow[]>,
): Promise<void> {
  const dag = engine.dags.get(row.dagId);
  const command = parseCommand(row);
  if (!dag || !command) return;
  if (command.kind === "trigger_run") {
    const { runId, logicalDate } = command.arguments;
    if (!runId && !logicalDate) return;
    const dates = logicalDate ? [new Date(logicalDate)] : [];
    collisions.set(row.id, await engine.session.query(findRuns(dag.dagId, runId ? [runId] : [], dates)));
    return;
  }
  const { runId } = command.arguments;
  if (findRun(dag, runId)) return;
  try {
    const run = await readRun(engine, dag, runId);
    if (run) runs.set(row.id, run);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    engine.refused.set(row.id, `Nothing was done, since this run cannot be read. ${error.message}`);
  }
}

export function parseCommand({ kind, arguments: text }: CommandRow): Command | undefined {
  const parsed = JsonText.safeParse(text);
  return Command.safeParse({ kind, arguments: parsed.data }).data;
}

export const findRun = (dag: OwnedDag, runId: RunId): RunState | undefined =>
  [...dag.runs.values()].find((run) => run.head.runId === runId);

async function readRun({ session }: Engine, dag: OwnedDag, runId: RunId): Promise<RunState | undefined> {
  const [row] = await session.query(loadRun(dag.dagId, runId));
  if (!row) return undefined;
  const [found] = dag.versions.has(row.head.version)
    ? []
    : await session.query(loadVersion(dag.dagId, row.head.version));
  if (found) addVersion(dag, found);
  const version = dag.versions.get(row.head.version);
  return version && runOf(row, version, await session.query(loadTasks(row.head.runKey)));
}

/** A run from its rows. A node without a task must not pass unseen: the run could never end. */
export function runOf({ head, progress }: RunRow, version: Version, rows: readonly TaskRow[]): RunState {
  const byId = new Map(rows.map(({ task }) => [task.taskId, task]));
  const tasks = version.graph.nodes.map((node) => {
    const task = byId.get(node.id);
    if (!task) throw new UnreadableRow(`${head.dagId} ${head.runId} has no row for task ${node.id}.`);
    return { ...task, policy: policyOf(node) };
  });
  return runState(head, progress, version.graph, tasks);
}
