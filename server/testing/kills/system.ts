import { freePort } from "../../supervisor/free-port";
import { signalProcess } from "../../supervisor/process-table";
import { startVane, type StartedVane } from "../start-vane";
import type { Victim } from "./harm";
import { judge, readJournal, type Recorded, type Verdict } from "./journal";
import { ask, killsProject, TASKS, trigger, type DagName, type KillsProject } from "./project";

export interface Outcome extends Verdict {
  /** How many runs ended in which state. */
  readonly runs: Readonly<Record<string, number>>;
  /** How many attempts there were, beyond the one that each task needs. */
  readonly again: number;
}

/** A real system, started as people start it, in the hands of somebody who harms it. */
export interface KillsSystem {
  readonly project: KillsProject;
  /** The one that runs now. */
  readonly vane: () => StartedVane;
  pidsOf(victim: Exclude<Victim, "supervisor">): number[];
  trigger(dagId: DagName): Promise<void>;
  /** After the death of the supervisor. */
  startAgain(): Promise<void>;
  /** When all runs have ended; stops everything. */
  finish(): Promise<Outcome>;
}

interface Options {
  /** All limits are divided by this. */
  readonly limitsDivisor: number;
  /** A second scheduler and a second worker beside. */
  readonly two: boolean;
  readonly longMs: number;
}

export async function startSystem({ limitsDivisor, two, longMs }: Options): Promise<KillsSystem> {
  const project = killsProject(longMs);
  const env = { VANE_LIMITS_DIVISOR: String(limitsDivisor) };
  const runIds: { readonly dagId: DagName; readonly runId: string }[] = [];
  let vane = await startFirst();
  await vane.ready;
  let second = two ? startSecond("scheduler") : undefined;
  const worker = two ? startSecond("worker") : undefined;
  await ask(project, "select 1 from dag where current_version is not null offset 1");
  if (two)
    await ask(project, "select 1 from process where not dead group by kind having count(*) > 1 offset 1");

  /** On a port of its own: several start at once. */
  async function startFirst() {
    return startVane({ project, env, args: ["--port", String(await freePort())] });
  }

  function startSecond(name: string) {
    return startVane({ project, program: ["dist/vane.cjs", name], env });
  }

  const pidsOf: KillsSystem["pidsOf"] = (victim) => {
    const entry = victim === "postgres" ? /postgres/ : new RegExp(`/${victim}\\.cjs`);
    const all = [vane, second, worker].flatMap((started) => started?.commands() ?? []);
    const found = all.flatMap(([pid, command]) => (entry.test(command) ? [pid] : []));
    return [...new Set(found)];
  };

  return {
    project,
    vane: () => vane,
    pidsOf,
    async trigger(dagId) {
      const runId = `run-${runIds.length}`;
      runIds.push({ dagId, runId });
      await trigger(project, dagId, runId);
    },
    async startAgain() {
      await vane.ended;
      vane = await startFirst();
      await vane.ready;
      if (!second) return;
      // It knows the address of a Postgres that was embedded in what is gone.
      for (const pid of second.processes())
        if (!vane.processes().includes(pid)) signalProcess(pid, "SIGKILL");
      await second.ended;
      second = startSecond("scheduler");
    },
    async finish() {
      const allEnded =
        "select 1 where not exists (select from dag_run where ended_at is null) and (select count(*) from dag_run) >= $1";
      await ask(project, allEnded, [runIds.length]);
      const states = await ask<{ state: string; count: number }>(
        project,
        "select state, count(*)::int as count from dag_run group by state",
      );
      const history = await ask<Recorded>(
        project,
        `select run_id || '/' || task_id as key, number as attempt, a.state
         from task_attempt a join dag_run using (run_key)`,
      );
      for (const started of [worker, second, vane]) {
        started?.signal("SIGTERM");
        await started?.ended;
      }
      const keys = runIds.flatMap(({ dagId, runId }) => TASKS[dagId].map((task) => `${runId}/${task}`));
      return {
        ...judge(readJournal(project.journal()), keys, history),
        runs: Object.fromEntries(states.map(({ state, count }) => [state, count])),
        again: history.length - keys.length,
      };
    },
  };
}
