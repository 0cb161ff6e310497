import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { until } from "./system";
import type { Workload } from "./workload";

const PER_RUN = 2_000;
/** Of the seconds that it takes: asking every few milliseconds would be a tenth of the machine's work. */
const ASK_EVERY_MS = 50;

const FILE = `
import { context, dag, task } from "vane";

const trivial = task("trivial", async (n: number) => {
  context().log.info(context().key);
  return n;
});

export default dag({ id: "w4_burn", maxActiveTasks: 10000, maxActiveRuns: 1000 }, () => {
  for (let i = 0; i < ${PER_RUN}; i += 1) trivial.as("trivial_" + i)(i);
});
`;

export const w4: Workload = {
  name: "w4",
  title: "trivial independent tasks, states and logs durable",
  unit: "tasks/s",
  target: ">= 3,000 tasks/s",
  files: { "w4.ts": FILE },
  async measure({ db, trigger }, { tasks }) {
    const began = performance.now();
    const ids: string[] = [];
    for (let made = 0; made < tasks; made += PER_RUN) ids.push(await trigger("w4_burn"));
    const ended = "select 1 from dag_run where run_id = any($1) and ended_at is not null offset $2";
    await until(db, ended, [ids, ids.length - 1], ASK_EVERY_MS, ASK_EVERY_MS);
    return (ids.length * PER_RUN * 1_000) / (performance.now() - began);
  },
  async check({ db, home }) {
    const { rows } = await db.query<{ tasks: number; successes: number; attempts: number; pids: number }>(`
      select (select count(*)::int from task_instance) as tasks,
             (select count(*)::int from task_instance where state = 'success') as successes,
             (select count(*)::int from task_attempt where state = 'success') as attempts,
             (select count(distinct pid)::int from task_attempt) as pids`);
    const [row] = rows;
    const lines = countLines(path.join(home, "logs"));
    if (!row || row.successes !== row.tasks || row.attempts !== row.tasks || lines < row.tasks) {
      throw new Error(`wrong rows: ${JSON.stringify(row)}, ${lines} log lines`);
    }
    return { ...row, log_lines: lines };
  },
};

/** Lines of all attempts' logs below a folder. */
function countLines(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /,attempt=\d+\.log$/.test(name))
    .reduce((sum, name) => sum + readFileSync(path.join(folder, name), "utf8").split("\n").length - 1, 0);
}
