import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { readRunFile } from "../../supervisor/run-file";
import { signalProcess } from "../../supervisor/process-table";
import { newProject, startVane, type Project, type StartedVane } from "../start-vane";
import { judge, readJournal, type Verdict } from "./journal";
import { seeded } from "./random";

export const VICTIMS = ["scheduler", "worker", "runtime", "postgres", "supervisor"] as const;
export type Victim = (typeof VICTIMS)[number];

interface Plan {
  readonly seed: number;
  /** One after the other, each while runs are under way. */
  readonly victims: readonly Victim[];
}

/** Each task says that it has begun, that it lives, that it has ended; it lives for 100 to 300 ms. */
const dagFile = (journal: string) => `
import { appendFileSync } from "node:fs";
import { context, dag, task } from "vane";

const note = (what: string) => {
  const { runId, taskId, attempt } = context();
  const key = runId + "/" + taskId;
  appendFileSync(${JSON.stringify(journal)}, JSON.stringify({ key, attempt, what }) + "\\n");
};
const work = task({ id: "work", retries: 20, retryDelay: "100ms", lostRetries: 20 }, async (n: number, before?: number) => {
  note("start");
  for (let i = 0; i < 5 + ((n * 7) % 10); i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    note("tick");
  }
  note("end");
  return n + (before ?? 0);
});

export default dag({ id: "kills", maxActiveRuns: 100, maxActiveTasks: 100 }, () => {
  const first = work.as("first")(1);
  const middle = [2, 3, 4].map((n) => work.as("middle_" + n)(n, first));
  const last = work.as("last")(5, middle[0]);
  for (const one of middle) last.after(one);
});
`;
const TASKS = ["first", "middle_2", "middle_3", "middle_4", "last"];

export interface Outcome extends Verdict {
  readonly runs: Readonly<Record<string, number>>;
}

/** Runs of a real system while its processes are killed, and what became of them. */
export async function underKills({ seed, victims }: Plan): Promise<Outcome> {
  const random = seeded(seed);
  const project = newProject();
  const journal = join(project.folder, "journal.jsonl");
  writeFileSync(journal, "");
  writeFileSync(join(project.folder, "dags", "kills.ts"), dagFile(journal));
  let vane = startVane({ project });
  await vane.ready;
  await ask(project, "select 1 from dag where current_version is not null");

  const runIds: string[] = [];
  for (const victim of victims) {
    for (let i = 0; i < 2; i += 1) runIds.push(await trigger(project, `run-${seed}-${runIds.length}`));
    await pause(50 + random() * 700);
    vane = await kill(project, vane, victim, random);
  }
  await ask(
    project,
    "select 1 where not exists (select from dag_run where ended_at is null) and (select count(*) from dag_run) >= $1",
    [runIds.length],
  );
  const states = await ask<{ state: string; count: number }>(
    project,
    "select state, count(*)::int as count from dag_run group by state",
  );
  const keys = await ask<{ run_id: string }>(project, "select run_id from dag_run");
  vane.signal("SIGTERM");
  await vane.ended;
  const tasks = keys.flatMap(({ run_id }) => TASKS.map((id) => `${run_id}/${id}`));
  return {
    ...judge(readJournal(journal), tasks),
    runs: Object.fromEntries(states.map(({ state, count }) => [state, count])),
  };
}

async function trigger(project: Project, runId: string): Promise<string> {
  const idempotencyKey = `key-of-${runId}`;
  const args = JSON.stringify({ dagId: "kills", runId, logicalDate: null, conf: {}, idempotencyKey });
  await ask(
    project,
    `with written as (
       insert into command (principal, idempotency_key, kind, dag_id, arguments)
       values ('test', $1, 'trigger_run', 'kills', $2)
       on conflict (principal, idempotency_key) do update set principal = command.principal returning dag_id)
     select pg_notify('vane_command', dag_id) from written`,
    [idempotencyKey, args],
  );
  return runId;
}

async function kill(
  project: Project,
  vane: StartedVane,
  victim: Victim,
  random: () => number,
): Promise<StartedVane> {
  if (victim === "supervisor") {
    signalProcess(vane.pid, "SIGKILL");
    await vane.ended;
    const next = startVane({ project });
    await next.ready;
    return next;
  }
  const pids = pidsOf(vane, victim);
  const pid = pids[Math.floor(random() * pids.length)];
  if (pid !== undefined) signalProcess(pid, "SIGKILL");
  return vane;
}

function pidsOf(vane: StartedVane, victim: Exclude<Victim, "supervisor">): number[] {
  const entry = victim === "postgres" ? /postgres.* -D / : new RegExp(`/${victim}\\.cjs`);
  return vane.commands().flatMap(([pid, command]) => (entry.test(command) ? [pid] : []));
}

/** Asks until there is an answer with a row: the database may just be dead, or what is asked for not be there yet. */
async function ask<Row = unknown>(
  project: Project,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  for (;;) {
    const rows = await askOnce<Row>(project, text, values).catch(() => []);
    if (rows.length > 0) return rows;
    await pause(100);
  }
}

async function askOnce<Row>({ home }: Project, text: string, values: readonly unknown[]): Promise<Row[]> {
  const client = new Client({
    connectionString: readRunFile(home)?.databaseUrl,
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query({ text, values: [...values] })).rows as Row[];
  } finally {
    await client.end().catch(() => undefined);
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
