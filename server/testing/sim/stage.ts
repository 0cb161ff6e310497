import { setImmediate as turn } from "node:timers/promises";
import { ProcessId, TaskId } from "../../domain/ids";
import type { SerializedDag } from "../../domain/serialized-dag";
import type { MarkState } from "../../domain/task-instance";
import type { FromScheduler, FromWorker, Outcome, Report, TaskWork } from "../../executor/protocol";
import type { Executor, LinkEvents, WorkerLink } from "../../executor/worker-link";
import type { Clock } from "../../platform/clock";
import { silentLog } from "../../platform/log";
import { connections, type Connections } from "./connection";
import { database, type Database } from "./database";
import { ask, askToClear, askToMark, type Asked } from "./people";
import { seeded } from "./random";
import { sqlError, TABLES, type Change, type Row, type TableName } from "./rows";
import { simScheduler } from "./scheduler";
import { actor, BEGIN, timeline } from "./timeline";

/*
 * One scheduler of the real code, over the simulated database, with a worker that says what the test lets it say. Nothing
 * happens by chance: what the simulation finds by luck, or never, is played here on purpose.
 */

export interface Stage {
  readonly db: Database;
  readonly connections: Connections;
  /** Whatever the scheduler said on its log, warnings and errors. */
  readonly said: { readonly level: "warn" | "error"; readonly facts: object; readonly words: string }[];
  readonly nowMs: () => number;
  /** The database's clock is put forward or back by so much. */
  jump(ms: number): void;
  /** A code of Postgres for what it is not to take, asked for each transaction. */
  refuses: (changes: readonly Change[]) => string | undefined;
  bring(...dags: readonly SerializedDag[]): void;
  /** Changes a row behind everybody's back; null takes it away. */
  tamper(table: TableName, key: string, change: Row | null): void;
  /** kill -9, and a new one. */
  restart(): void;
  /** An inbox row of the DAG's, as the loader writes it. */
  word(dagId: string, kind: "version" | "active"): void;
  trigger(dagId: string, runId: string): void;
  ask(kind: string, args: Readonly<Record<string, unknown>> & Asked): void;
  /** With all that is downstream. */
  clear(runId: string, taskId: string): void;
  mark(runId: string, taskId: string, to: MarkState): void;
  rows(table: TableName, where?: Row): Row[];
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Lets things happen until then; throws when that takes more than three simulated minutes. */
  until(what: string, holds: () => boolean): Promise<void>;
  join(): ScriptedWorker;
}

export interface ScriptedWorker {
  readonly id: ProcessId;
  readonly heard: { readonly atMs: number; readonly message: FromScheduler }[];
  /** Attempts that it was given. */
  readonly works: TaskWork[];
  say(message: FromWorker): void;
  report(work: TaskWork, outcome: Outcome, facts?: Partial<Report>): void;
  leave(): void;
}

const RETURNED: Outcome = { kind: "returned", result: { none: true }, pushed: {} };
export const returned = (json?: string): Outcome =>
  json === undefined ? RETURNED : { ...RETURNED, result: { json } };

const PATIENCE_MS = 180_000;
const PING_MS = 2_000;

export function stage(): Stage {
  const time = timeline();
  const random = seeded(1);
  const said: Stage["said"] = [];
  const bugs: unknown[] = [];
  let jumpedMs = 0;
  const rules = { fenceRefusesDead: true, fenceRefusesOld: true, comparesExec: true, claimsFreeOnly: true };
  const db = database({
    rules,
    nowMs: () => time.nowMs() + jumpedMs,
    onCommit(changes) {
      const code = set.refuses(changes);
      if (code) throw sqlError(code, "the stage does not take this");
    },
    onNotify: (channel, payload) => {
      sockets.notify(channel, payload);
    },
  });
  const sockets = connections({
    ...{ rules: { answersAfterCommit: true }, db, timeline: time, random },
    onBug: (error) => bugs.push(error),
  });
  const note = (level: "warn" | "error") => (facts: object, words: string) =>
    void said.push({ level, facts, words });

  let scheduler: { readonly clock: Clock; readonly events: LinkEvents } | undefined;
  const links = new Set<WorkerLink>();
  const network = {
    executor(_whose: unknown, _id: ProcessId, clock: Clock, events: LinkEvents): Executor {
      scheduler = { clock, events };
      return {
        links: () => [...links],
        linkTo: (worker) => [...links].find((link) => link.worker === worker),
        stop: () => Promise.resolve(),
      };
    },
    hangUp: () => undefined,
  };
  const start = () =>
    simScheduler("scheduler", {
      ...{ timeline: time, random, network, connections: sockets },
      log: { ...silentLog, warn: note("warn"), error: note("error") },
      onGone: () => undefined,
      onBug: (error) => bugs.push(error),
    });
  let current = start();

  async function step() {
    time.step();
    do await turn();
    while (sockets.midway());
    if (bugs.length > 0) throw new Error("The scheduler gave up.", { cause: bugs[0] });
  }

  function join(): ScriptedWorker {
    const host = actor("worker");
    const id = ProcessId.parse(random.uuid());
    const heard: ScriptedWorker["heard"] = [];
    const works: TaskWork[] = [];
    if (!scheduler) throw new Error("The scheduler is not up yet: let time pass first.");
    const { clock, events } = scheduler;
    const link: WorkerLink = {
      ...{ worker: id, address: id, slots: 4, credit: 4, inFlight: new Set(), connected: true },
      identity: { host: "stage", bootId: "", pidNamespace: "", pid: 1, pidStart: "" },
      ...{ lastHeardMs: clock.monotonicMs(), lastPing: 0, answeredPing: 0 },
      send(message) {
        if (!link.connected) return false;
        heard.push({ atMs: time.nowMs(), message });
        if (message.type === "dispatch")
          works.push(...message.items.filter((item): item is TaskWork => item.kind === "task"));
        return true;
      },
    };
    links.add(link);
    events.onWelcome(link);
    let pings = 0;
    function say(message: FromWorker) {
      if (!link.connected) return;
      link.lastHeardMs = clock.monotonicMs();
      if (message.type === "ping") link.lastPing = message.id;
      events.onMessage(link, message);
    }
    function ping() {
      say({ type: "ping", id: (pings += 1), dags: [], sockets: 1 });
      time.after(PING_MS, host, ping);
    }
    ping();
    return {
      ...{ id, heard, works, say },
      report({ exec, dagId, epoch }, outcome, facts = {}) {
        const at = new Date(BEGIN.getTime() + time.nowMs()).toISOString();
        const numbers = { durationMs: 1, pid: 1, logBytes: 0, logTruncated: false };
        const report = { dagId, epoch, exec, outcome, startedAt: at, endedAt: at, ...numbers, ...facts };
        say({ type: "reports", reports: [report] });
      },
      leave() {
        host.alive = false;
        link.connected = false;
        links.delete(link);
        events.onClosed(link);
      },
    };
  }

  let asked = 0;
  const nextKey = () => `stage-key-${(asked += 1)}`;
  const set: Stage = {
    ...{ db, connections: sockets, said, nowMs: time.nowMs, join },
    refuses: () => undefined,
    jump(ms) {
      jumpedMs += ms;
    },
    bring(...dags) {
      db.transact([{ name: "seed", text: "", values: dags.map((dag) => JSON.stringify(dag)) }]);
    },
    tamper(table, key, change) {
      const values = [table, key, change && JSON.stringify(change)];
      db.transact([{ name: "tamper", text: "", values }]);
    },
    restart() {
      current.crash();
      current = start();
    },
    word(dagId, kind) {
      db.transact([{ name: "put_inbox", text: "", values: [dagId, kind] }]);
    },
    ask: (kind, args) => {
      ask(db, kind, args);
    },
    trigger(dagId, runId) {
      ask(db, "trigger_run", { dagId, idempotencyKey: nextKey(), runId, logicalDate: null, conf: {} });
    },
    clear(runId, taskId) {
      const scope = { taskIds: [TaskId.parse(taskId)], withDownstream: true, onlyFailed: false };
      for (const run of set.rows("dag_run", { run_id: runId })) askToClear(db, run, scope, nextKey());
    },
    mark(runId, taskId, to) {
      const scope = { taskIds: [TaskId.parse(taskId)], withDownstream: false, to };
      for (const run of set.rows("dag_run", { run_id: runId })) askToMark(db, run, scope, nextKey());
    },
    rows: (table, where = {}) =>
      db.rows(table).filter((row) => Object.entries(where).every(([column, value]) => row[column] === value)),
    async pass(ms) {
      const end = time.nowMs() + ms;
      let over = false;
      time.after(ms, undefined, () => (over = true));
      const isOver = () => over || time.nowMs() > end;
      while (!isOver()) await step();
    },
    async until(what, holds) {
      const sinceMs = time.nowMs();
      while (!holds()) {
        await step();
        if (time.nowMs() - sinceMs < PATIENCE_MS) continue;
        const found = TABLES.map((name) => [name, db.rows(name)]);
        throw new Error(
          `Not within three minutes: ${what}\n${JSON.stringify([said.slice(-5), Object.fromEntries(found)], null, 2)}`,
        );
      }
    },
  };
  return set;
}
