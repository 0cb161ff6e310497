import { expect, it } from "vitest";
import { pausing, pausingFor } from "./harm";
import { ask } from "./project";
import { startSystem, type KillsSystem, type Outcome } from "./system";
import { NOTHING_WRONG } from "./under-harm";

/*
 * One pause of each kind beyond the limits as they are (ENGINE section 8), each in a system of its own; all at once, since
 * what they mostly do is wait.
 */
interface Case {
  readonly two?: boolean;
  /** For so long the task of `slow` lives, which is under way when the pause begins. */
  readonly longMs: number;
  readonly pause: (system: KillsSystem) => Promise<void>;
  /** Attempts that were in vain. */
  readonly again: number;
}

const CASES: Readonly<Record<string, Case>> = {
  scheduler: { two: true, longMs: 40_000, pause: pauseOwner, again: 0 },
  worker: { two: true, longMs: 125_000, pause: pauseWorkerOfSlow, again: 1 },
  runtime: {
    longMs: 20_000,
    pause: (system) => pausingFor(system.pidsOf("runtime"), 125_000),
    again: 0,
  },
  supervisor: { longMs: 60_000, pause: pauseSupervisor, again: 0 },
  // An outage of 60 s kills no task and deposes nobody (I10); beyond 90 s its worker ends what runs.
  "Postgres, for 60 s": { longMs: 90_000, pause: (system) => pausePostgres(system, 60_000), again: 0 },
  "Postgres, for 125 s": { longMs: 120_000, pause: (system) => pausePostgres(system, 125_000), again: 1 },
};

it("comes through a pause beyond the full limits of each process", async () => {
  const outcomes = await Promise.all(
    Object.entries(CASES).map(async ([name, one]) => [name, await outcomeOf(one)] as const),
  );
  for (const [name, { again, ...outcome }] of outcomes) {
    expect({ name, ...outcome, again }).toEqual({
      ...{ name, ...NOTHING_WRONG },
      ...{ runs: { success: 4 }, again: CASES[name]?.again },
    });
  }
});

async function outcomeOf({ two = false, longMs, pause }: Case): Promise<Outcome> {
  const system = await startSystem({ limitsDivisor: 1, two, longMs });
  await system.trigger("slow");
  await ask(system.project, "select 1 from task_instance where task_id = 'long' and started_at is not null");
  await system.trigger("kills");
  await pause(system);
  for (let i = 0; i < 2; i += 1) await system.trigger("kills");
  return system.finish();
}

/** Deposed while it stands still, it finds that out by its first flush, drops its memory and competes again. */
async function pauseOwner({ project, vane }: KillsSystem): Promise<void> {
  const [owner] = await ask<{ id: string; pid: number }>(
    project,
    "select id, pid from dag join process on id = owner where dag_id = 'slow'",
  );
  if (!owner) throw new Error("Nobody owns it.");
  const { id, pid } = owner;
  await pausing([pid], async () => {
    await ask(project, "select 1 from process where id = $1 and dead", [id]);
    await ask(project, "select 1 from dag join process on id = owner where dag_id = 'slow' and not dead");
  });
  const written = "select count(*)::int as count from flush_log where process = $1";
  const before = await ask<{ count: number }>(project, written, [id]);
  await ask(project, "select 1 from process where pid = $1 and id <> $2 and not dead", [pid, id]);
  const after = await ask<{ count: number }>(project, written, [id]);
  expect(after[0]?.count).toBeLessThanOrEqual(before[0]?.count ?? 0);
  expect(vane().said()).toMatch(/Deposed; starting anew|is dead/);
}

async function pauseWorkerOfSlow({ project }: KillsSystem): Promise<void> {
  const [worker] = await ask<{ pid: number }>(
    project,
    "select pid from task_instance join process on id = worker where task_id = 'long'",
  );
  await pausing([worker?.pid ?? 0], async () => {
    const lost = "select 1 from task_attempt where task_id = 'long' and reason = 'lost'";
    await ask(project, lost);
  });
}

/** Everybody else goes on meanwhile. */
async function pauseSupervisor({ project, vane }: KillsSystem): Promise<void> {
  const ended = ask(project, "select 1 from dag_run where dag_id = 'kills' and state = 'success'");
  await pausingFor([vane().pid], 125_000, ended);
}

async function pausePostgres(system: KillsSystem, forMs: number): Promise<void> {
  const owners = "select dag_id, owner, owner_epoch from dag order by dag_id";
  const before = await ask(system.project, owners);
  await pausingFor(system.pidsOf("postgres"), forMs);
  expect(await ask(system.project, owners)).toEqual(before);
}
