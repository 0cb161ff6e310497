import { floorMs } from "./floor";
import { until } from "./system";
import type { Workload } from "./workload";

const LINKS = 40;

const FILE = `
import { context, dag, task } from "vane";

const fibo = (n: number): number => (n < 2 ? n : fibo(n - 1) + fibo(n - 2));
const link = task("link", async (before: number) => {
  context().log.info(context().key);
  return before + fibo(10);
});

export default dag({ id: "w1_chain" }, () => {
  let last = link.as("link_0")(0);
  for (let i = 1; i < ${LINKS}; i += 1) last = link.as("link_" + i)(last);
});
`;

/** Of the time that the run before took: until then nobody asks whether this one has ended. */
const NEARLY = 0.7;
let lastMs = 0;

export const w1: Workload = {
  name: "w1",
  title: `${LINKS} sequential fibo(10) tasks, one run, from the trigger to its end seen`,
  unit: "ms",
  target: "<= 60 ms",
  files: { "w1.ts": FILE },
  async measure(system) {
    const ended = "select 1 from dag_run where run_id = $1 and ended_at is not null";
    const began = performance.now();
    const runId = await system.trigger("w1_chain");
    await until(system.db, ended, [runId], lastMs * NEARLY);
    lastMs = performance.now() - began;
    return lastMs;
  },
  async check({ db, databaseUrl }) {
    const { rows } = await db.query<{
      runs: number;
      bad: number;
      attempts: number;
      pids: number;
      inside: number;
    }>(`
      select (select count(*)::int from dag_run where dag_id = 'w1_chain') as runs,
             (select count(*)::int from dag_run where dag_id = 'w1_chain' and state <> 'success') as bad,
             (select count(*)::int from task_attempt where state = 'success') as attempts,
             (select count(distinct pid)::int from task_attempt) as pids,
             (select percentile_cont(0.5) within group (order by extract(epoch from ended_at - queued_at) * 1000)
                from dag_run where dag_id = 'w1_chain') as inside`);
    const [row] = rows;
    if (!row || row.bad > 0 || row.attempts !== row.runs * LINKS)
      throw new Error(`wrong rows: ${JSON.stringify(row)}`);
    const floor = await floorMs(databaseUrl, LINKS);
    return {
      ...{ attempts: row.attempts, runtime_pids: row.pids, queued_to_ended_ms: row.inside },
      floor_ms: floor,
    };
  },
};
