import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { readRunFile } from "../../supervisor/run-file";
import { newProject, type Project } from "../start-vane";

/*
 * Each task says that it has begun, that it lives, that it has ended. Those of `kills` live for 100 to 300 ms, the one of
 * `long` for as long as it is told. None gives up, however often it is killed.
 */
const dagFile = (journal: string, longMs: number) => `
import { appendFileSync } from "node:fs";
import { context, dag, task } from "vane";

const note = (what: string) => {
  const { runId, taskId, attempt } = context();
  const key = runId + "/" + taskId;
  appendFileSync(${JSON.stringify(journal)}, JSON.stringify({ key, attempt, what }) + "\\n");
};
const live = async (ticks: number) => {
  note("start");
  for (let i = 0; i < ticks; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    note("tick");
  }
  note("end");
};
const stubborn = { retries: 50, retryDelay: "100ms", lostRetries: 50 } as const;
const work = task({ id: "work", ...stubborn }, async (n: number, before?: number) => {
  await live(5 + ((n * 7) % 10));
  return n + (before ?? 0);
});
const long = task({ id: "long", ...stubborn }, () => live(${Math.ceil(longMs / 20)}));
const many = { maxActiveRuns: 100, maxActiveTasks: 100 } as const;

export const kills = dag({ id: "kills", ...many }, () => {
  const first = work.as("first")(1);
  const middle = [2, 3, 4].map((n) => work.as("middle_" + n)(n, first));
  const last = work.as("last")(5, middle[0]);
  for (const one of middle) last.after(one);
});
export const slow = dag({ id: "slow", ...many }, () => {
  long();
});
`;

export const TASKS = {
  kills: ["first", "middle_2", "middle_3", "middle_4", "last"],
  slow: ["long"],
} as const;
export type DagName = keyof typeof TASKS;

export interface KillsProject extends Project {
  /** What the tasks have written, so far. */
  readonly journal: () => string;
}

/** @param longMs how long the task of `slow` lives */
export function killsProject(longMs: number): KillsProject {
  const project = newProject();
  const journal = join(project.folder, "journal.jsonl");
  writeFileSync(journal, "");
  writeFileSync(join(project.folder, "dags", "kills.ts"), dagFile(journal, longMs));
  return { ...project, journal: () => readFileSync(journal, "utf8") };
}

/** As a door would: a row of the command table. Once, however often the database has to be asked. */
export async function trigger(project: Project, dagId: DagName, runId: string): Promise<void> {
  const idempotencyKey = `key-of-${runId}`;
  const args = JSON.stringify({ dagId, runId, logicalDate: null, conf: {}, idempotencyKey });
  await ask(
    project,
    `with written as (
       insert into command (principal, idempotency_key, kind, dag_id, arguments)
       values ('test', $1, 'trigger_run', $2, $3)
       on conflict (principal, idempotency_key) do update set principal = command.principal returning dag_id)
     select pg_notify('vane_command', dag_id) from written`,
    [idempotencyKey, dagId, args],
  );
}

/** Asks until there is an answer with a row: the database may just be dead, or what is asked for not be there yet. */
export async function ask<Row = unknown>(
  project: Project,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  for (;;) {
    const rows = await askOnce<Row>(project, text, values).catch(() => []);
    if (rows.length > 0) return rows;
    await wait(100);
  }
}

async function askOnce<Row>({ home }: Project, text: string, values: readonly unknown[]): Promise<Row[]> {
  const client = new Client({
    connectionString: readRunFile(home)?.databaseUrl,
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query({ text, values: [...values] })).rows as Row[];
  } finally {
    void client.end().catch(() => undefined);
  }
}
