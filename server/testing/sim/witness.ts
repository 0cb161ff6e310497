import { z } from "zod";
import { RunKey, type Exec } from "../../domain/ids";
import { explain } from "../../domain/admit";
import { RUN_STATES } from "../../domain/run-state";
import { SerializedDag } from "../../domain/serialized-dag";
import { TASK_STATES } from "../../domain/task-instance";
import type { Came, TaskWork } from "../../executor/protocol";
import type { Database, Question } from "./database";
import type { Cell, Change, Row } from "./rows";
import type { Witness } from "./runtime";
import { keyOf } from "./statements";

/** Sees what really runs and what is committed, and says when the two cannot both be right. */
export interface Judge extends Witness {
  readonly onCommit: (changes: readonly Change[], questions: readonly Question[]) => void;
  /** Once everything is over: what should be in the books. */
  close(): void;
  readonly ran: number;
}

const TERMINAL = new Set(["success", "failed", "skipped", "upstream_failed", "removed"]);
const ENDED = new Set(["success", "failed"]);
const LIVE = new Set(["queued", "running", "restarting"]);
/** What may move tasks, and with them their run, out of a state that is final. */
const REOPENS = new Set(["clear_tasks", "mark_tasks"]);
const OfRun = z.object({ dagId: z.string(), runId: z.string() });

const text = (row: Row | undefined, column: string) => String(row?.[column]);

export function judge(db: () => Database, fail: (what: string) => void): Judge {
  const alive = new Map<string, Exec>();
  const started = new Map<Exec, string>();
  const ended = new Map<Exec, Came | undefined>();
  const flushes = new Set<string>();
  const passed = new Set<RunKey>();

  function must(holds: boolean, what: string) {
    if (!holds) fail(what);
  }

  const structures = new Map<string, SerializedDag>();
  function structureOf(run: Row): SerializedDag | undefined {
    const key = `${text(run, "dag_id")}/${text(run, "version")}`;
    const row = db().find("dag_version", key);
    const known = structures.get(key) ?? (row && SerializedDag.parse(JSON.parse(text(row, "structure"))));
    if (known) structures.set(key, known);
    return known;
  }

  function tasksOf(run: Row): Map<string, Row> {
    const rows = db()
      .rows("task_instance")
      .filter((task) => task["run_key"] === run["run_key"]);
    return new Map(rows.map((task) => [text(task, "task_id"), task]));
  }

  /** Runs of which somebody wants tasks to be cleared or marked, and is answered by this very transaction. */
  function reopened(questions: readonly Question[]): Set<Cell | undefined> {
    const ids = questions
      .filter(({ name }) => name === "answer_commands")
      .flatMap(({ values: [answered] }) => (Array.isArray(answered) ? (answered as readonly Cell[]) : []));
    const asked = ids
      .map((id) => db().find("command", String(id)))
      .filter((command) => REOPENS.has(text(command, "kind")))
      .map((command) => OfRun.parse(JSON.parse(text(command, "arguments"))));
    const runs = db()
      .rows("dag_run")
      .filter((run) => asked.some(({ dagId, runId }) => run["dag_id"] === dagId && run["run_id"] === runId));
    return new Set(runs.map((run) => run["run_key"]));
  }

  /** I6 */
  function checkEnd(before: Row | undefined, run: Row): void {
    const tasks = tasksOf(run);
    const open = [...tasks.values()].filter((task) => !TERMINAL.has(text(task, "state")));
    must(open.length === 0, `I6: run ${text(run, "run_id")} ended with ${open.length} open tasks`);
    // Ended by its intent, opened by people and ended once more, all in one transaction: what was intended is done with.
    const again = before?.["clear_number"] !== run["clear_number"];
    const intended = again ? undefined : before?.["intent"];
    const intent = typeof intended === "string" ? (JSON.parse(intended) as { to: string }) : undefined;
    const nodes = structureOf(run)?.nodes ?? [];
    const leaves = nodes.filter(({ id }) => !nodes.some(({ after }) => after.includes(id)));
    const failed = leaves.some(({ id }) =>
      ["failed", "upstream_failed"].includes(text(tasks.get(id), "state")),
    );
    const asked = ["cancelled", "run_timeout", "deadlock", "params_invalid"].includes(text(run, "reason"));
    const expected = intent?.to ?? (asked || failed ? "failed" : "success");
    must(
      run["state"] === expected,
      `I6: run ${text(run, "run_id")} is ${text(run, "state")}, its tasks say ${expected}`,
    );
  }

  /** What begins was free to begin, by the rules that people are told; and its DAG is within its limits. */
  function checkDispatch(task: Row): void {
    const run = db().find("dag_run", text(task, "run_key"));
    const structure = run && structureOf(run);
    if (!structure) return;
    const runs = new Map(
      db()
        .rows("dag_run")
        .filter((row) => row["dag_id"] === run["dag_id"])
        .map((row) => [row["run_key"] ?? null, row]),
    );
    const live = db()
      .rows("task_instance")
      .filter((row) => LIVE.has(text(row, "state")) && runs.has(row["run_key"] ?? null));
    const running = [...runs.values()].filter(({ state }) => state === "running");
    const tasks = tasksOf(run);
    const node = structure.nodes.find(({ id }) => id === task["task_id"]);
    const { maxActiveTasks, maxActiveRuns } = structure.settings;
    const verdicts = explain({
      // Whether the DAG was paused a moment ago, and what a worker has free, its owner knows best.
      ...{ owned: true, quarantine: null, paused: false, workers: { count: 1, slots: 1, busy: 0 } },
      run: {
        state: RUN_STATES.find((state) => state === run["state"]) ?? "queued",
        awaitsCheck: structure.refined === true && !passed.has(RunKey.parse(run["run_key"])),
      },
      runs: { active: running.length, maxActive: maxActiveRuns },
      upstream: (node?.after ?? []).map((taskId) => ({
        taskId,
        state: TASK_STATES.find((state) => state === tasks.get(taskId)?.["state"]) ?? "none",
      })),
      dag: { activeTasks: live.length - 1, maxActiveTasks },
    });
    for (const { rule, met, reason } of verdicts) {
      must(met, `${keyOf.task(task)} was dispatched against ${rule}: ${reason}`);
    }
    must(running.length <= maxActiveRuns, `${running.length} runs of ${text(run, "dag_id")} are running`);
  }

  return {
    begins(exec: Exec, { run, taskId, mapIndex }: TaskWork) {
      const key = `${run.runKey}/${taskId}/${mapIndex}`;
      must(!alive.has(key), `I1: two attempts of ${key} are alive: ${alive.get(key) ?? ""} and ${exec}`);
      must(!started.has(exec), `I1: ${exec} of ${key} was started twice`);
      const row = db().find("task_instance", key);
      must(
        row?.["exec"] === exec,
        `I1: ${exec} of ${key} was started; in the database it is ${text(row, "exec")}`,
      );
      alive.set(key, exec);
      started.set(exec, key);
    },
    passed(run) {
      passed.add(run);
    },
    ends(exec, came) {
      alive.delete(started.get(exec) ?? "");
      ended.set(exec, came);
    },
    onCommit(changes, questions) {
      for (const { name, values } of questions) {
        if (name !== "fence") continue;
        const flush = values.join(" ");
        must(!flushes.has(flush), `flush ${flush} was committed twice`);
        flushes.add(flush);
        must(
          db().find("process", String(values[0]))?.["dead"] === false,
          `a deposed process wrote flush ${flush}`,
        );
      }
      const asked = reopened(questions);
      for (const { table, before, after } of changes) {
        if (table === "task_instance" && after) {
          const [was, is] = [text(before, "state"), text(after, "state")];
          if (TERMINAL.has(was)) {
            const byPeople = asked.has(after["run_key"]);
            must(byPeople, `I16: ${keyOf.task(after)} was ${was} and became ${is}, and nobody had asked`);
          }
          if (was !== "running" && is === "running") checkDispatch(after);
        }
        if (table === "dag_run" && after) {
          const [was, is] = [text(before, "state"), text(after, "state")];
          if (ENDED.has(is) && was !== is) checkEnd(before, after);
          const again = ENDED.has(was) && was !== is;
          must(
            !again || asked.has(after["run_key"]),
            `I16: run ${text(after, "run_id")} was ${was}, is ${is}`,
          );
        }
        if (table === "task_attempt" && before) {
          fail(`I16: the history of ${keyOf.attempt(before)} was written over`);
        }
      }
    },
    close() {
      const attempts = new Map(
        db()
          .rows("task_attempt")
          .map((row) => [row["exec"], row]),
      );
      for (const [exec, key] of started) {
        must(attempts.has(exec), `the attempt ${exec} of ${key} was started and stands in no history`);
      }
      for (const row of attempts.values()) {
        const came = ended.get(row["exec"] as Exec);
        if (row["state"] === "success" && row["reason"] === "returned") {
          must(came?.kind === "returned", `${keyOf.attempt(row)} is a success that nobody has seen`);
        }
      }
      must(alive.size === 0, "something runs on after the end");
    },
    get ran() {
      return started.size;
    },
  };
}
