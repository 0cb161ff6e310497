import { setImmediate as turn } from "node:timers/promises";
import { connections, type ConnectionRules } from "./connection";
import { database, type Database } from "./database";
import { faultsOf, type FaultName, type World } from "./faults";
import { network, type NetworkRules } from "./network";
import { act, unpauseAll, writeDags } from "./people";
import { seeded } from "./random";
import type { DatabaseRules } from "./rows";
import { simScheduler, type SimScheduler } from "./scheduler";
import { BEGIN, timeline } from "./timeline";
import { judge } from "./witness";
import { simWorker, type SimWorker, type WorkerRules } from "./worker";

/*
 * One history of a small world, all of it from one number: two schedulers and two workers of the real code, a database and
 * sockets that are models, people who ask for things, and faults. After every step what really ran is held against what the
 * database says (witness.ts); once the faults are over everything must come to its end (I4).
 */

export interface Rules extends DatabaseRules, ConnectionRules, NetworkRules, WorkerRules {}

const ALL_RULES: Rules = {
  ...{ fenceRefusesDead: true, fenceRefusesOld: true, comparesExec: true, claimsFreeOnly: true },
  ...{ answersAfterCommit: true, acksAfterCommit: true, epochsCount: true },
  ...{ watchdog: true, killsUnrenewed: true, remembersDenials: true },
};

export interface History {
  readonly violation: string | undefined;
  readonly steps: number;
  readonly attempts: number;
  readonly runs: number;
  readonly simulatedMs: number;
  /** What happened around the processes, for people who replay a seed. */
  readonly trace: readonly string[];
}

const SCHEDULERS = 2;
const WORKERS = 2;
/** After the last fault: a worker's 120 s, a run's time limits, retries, and room to spare. */
const PATIENCE_MS = 900_000;

/** What a test wants to be otherwise than by chance. */
export interface Wishes {
  /** Rules that are switched off. */
  readonly without?: readonly (keyof Rules)[];
  readonly faults?: readonly FaultName[];
  /** The share of tasks that take minutes. */
  readonly longTasks?: number;
}

export async function simulate(
  seed: number,
  { without = [], faults, longTasks: share }: Wishes = {},
): Promise<History> {
  const all = { ...ALL_RULES, ...Object.fromEntries(without.map((rule) => [rule, false])) };
  const random = seeded(seed);
  const time = timeline();
  const trace: string[] = [];
  const note = (what: string) => {
    trace.push(`${(time.nowMs() / 1_000).toFixed(3)} ${what}`);
  };
  let violation: string | undefined;
  const fail = (what: string) => {
    violation ??= what;
    note(`VIOLATION ${what}`);
  };

  const watch = judge((): Database => db, fail);
  const db: Database = database({
    rules: all,
    nowMs: time.nowMs,
    onCommit: watch.onCommit,
    onNotify: (channel, payload) => {
      sockets.notify(channel, payload);
    },
  });
  const sockets = connections({
    ...{ rules: all, db, timeline: time, random },
    onBug: (error) => {
      fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
    },
  });
  const net = network({ timeline: time, random, rules: all });

  /** How many of the tasks take minutes: worlds differ. */
  const long = share ?? random.pick([0, 0.05, 0.4]) ?? 0;
  const longTasks = () => (calm ? 0 : long);
  let calm = false;
  const schedulers: SimScheduler[] = [];
  const workers: SimWorker[] = [];
  let lives = 0;
  function startScheduler(seat: number) {
    const onGone = () => {
      note(`scheduler ${seat} is gone`);
      time.after(random.between(300, 4_000), undefined, () => {
        startScheduler(seat);
      });
    };
    const onBug = (error: unknown) => {
      fail(`a scheduler gave up: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    };
    const parts = { timeline: time, random, network: net, connections: sockets, onGone, onBug };
    schedulers[seat] = simScheduler(`scheduler ${seat} (${(lives += 1)})`, parts);
  }
  function startWorker(seat: number) {
    const onGone = () => {
      note(`worker ${seat} is gone`);
      time.after(random.between(300, 4_000), undefined, () => {
        startWorker(seat);
      });
    };
    const parts = { timeline: time, random, network: net, witness: watch, rules: all, longTasks, onGone };
    workers[seat] = simWorker(`worker ${seat} (${(lives += 1)})`, parts);
  }

  writeDags(db, random, 1 + random.below(4));
  for (let seat = 0; seat < SCHEDULERS; seat += 1) startScheduler(seat);
  for (let seat = 0; seat < WORKERS; seat += 1) startWorker(seat);

  const world: World = {
    timeline: time,
    random,
    network: net,
    connections: sockets,
    db,
    schedulers,
    workers,
    note,
  };
  const calmMs = 5_000 + random.between(2_000, 120_000);
  for (let n = 3 + random.below(12); n > 0; n -= 1) {
    time.after(random.between(50, calmMs), undefined, () => {
      act(db, random, `key-${time.nowMs()}-${n}`);
    });
  }
  const breakSomething = faultsOf(world, faults);
  for (let n = random.below(9); n > 0; n -= 1) {
    // Some while everything is still finding its place.
    time.after(random.between(5, random.chance(0.3) ? 2_000 : calmMs), undefined, breakSomething);
  }
  time.after(calmMs, undefined, () => {
    calm = true;
    unpauseAll(db);
    note("calm");
  });

  let steps = 0;
  let doneSinceMs: number | undefined;
  while (!violation && time.step()) {
    steps += 1;
    do await turn();
    while (sockets.midway());
    if (time.nowMs() < calmMs || steps % 16 > 0) continue;
    const left = whatIsLeft(db, new Date(BEGIN.getTime() + time.nowMs()));
    // Scheduled DAGs never end; what was made by the end of the faults has to.
    doneSinceMs = left ? undefined : (doneSinceMs ?? time.nowMs());
    if (doneSinceMs !== undefined && time.nowMs() - doneSinceMs > 3_000) break;
    if (time.nowMs() > calmMs + PATIENCE_MS) fail(`I4: ${left ?? "it"} is still not done`);
  }
  if (!violation) watch.close();
  return {
    ...{ violation, steps, trace, attempts: watch.ran },
    ...{ runs: db.rows("dag_run").length, simulatedMs: time.nowMs() },
  };
}

/** Of a tick so old nobody can say that its run is being made right now. */
const LATE_MS = 5_000;

function whatIsLeft(db: Database, now: Date): string | undefined {
  const late = db.rows("dag").find(({ next_run: nextRun }) => {
    return nextRun instanceof Date && nextRun.getTime() < now.getTime() - LATE_MS;
  });
  if (late) return `the tick ${String(late["next_run"])} of ${String(late["dag_id"])}`;
  const open = db.rows("dag_run").find(({ state }) => state === "queued" || state === "running");
  if (open) {
    const tasks = db.rows("task_instance").filter((task) => task["run_key"] === open["run_key"]);
    const states = tasks.map((task) => `${String(task["task_id"])} ${String(task["state"])}`).join(", ");
    return `run ${String(open["run_id"])} of ${String(open["dag_id"])} (${String(open["state"])}: ${states})`;
  }
  const command = db.rows("command").find(({ outcome }) => outcome === null);
  if (command) return `command ${String(command["id"])} ${String(command["kind"])}`;
  const [inbox] = db.rows("inbox");
  return inbox && `inbox row ${String(inbox["id"])} of ${String(inbox["dag_id"])}`;
}
