import { percentile } from "./statistics";
import { until } from "./system";
import type { Workload } from "./workload";

const TRIGGERS = 100;

const FILE = `
import { context, dag, task } from "vane";

const only = task("only", async () => {
  context().log.info(context().key);
});

export default dag({ id: "w11_trigger" }, () => {
  only();
});
`;

export const w11: Workload = {
  name: "w11",
  title: `trigger to the start of the first task, p50 of ${TRIGGERS} one after the other`,
  unit: "ms",
  target: "p50 <= 15 ms",
  files: { "w11.ts": FILE },
  async measure({ db, trigger }) {
    const lags: number[] = [];
    for (let i = 0; i < TRIGGERS; i += 1) {
      // Both by this machine's clock: just before the request, and when the runtime was handed the task.
      const asked = Date.now();
      const runId = await trigger("w11_trigger");
      const ended = "select 1 from dag_run where run_id = $1 and ended_at is not null";
      await until(db, ended, [runId]);
      const { rows } = await db.query<{ started_at: Date }>(
        "select a.started_at from task_attempt a join dag_run r using (run_key) where r.run_id = $1",
        [runId],
      );
      lags.push((rows[0]?.started_at.getTime() ?? NaN) - asked);
    }
    return percentile(lags, 50);
  },
  async check({ db }) {
    const { rows } = await db.query<{ bad: number }>(
      "select count(*)::int as bad from dag_run where state <> 'success'",
    );
    if (rows[0]?.bad !== 0) throw new Error(`${rows[0]?.bad} runs did not succeed`);
    return {};
  },
};
