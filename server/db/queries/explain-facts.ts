import { z } from "zod";
import type { DagId } from "../../domain/ids";
import { JsonText } from "../sql/json-text";
import type { Statement } from "../sql/statement";

/** Counts of what a task of this DAG competes with. `dag_run_open` keeps the first two to runs that are not over. */
const TEXT = `
  select d.paused, d.quarantine,
         exists (select from process p where p.id = d.owner and not p.dead) as owned,
         (select count(*) from dag_run r where r.dag_id = d.dag_id and r.state = 'running') as active_runs,
         (select count(*) from dag_run r join task_instance t using (run_key)
           where r.dag_id = d.dag_id and r.state in ('queued', 'running') and t.exec is not null) as active_tasks,
         (select count(*) from dag_run r join task_instance t using (run_key)
           where r.state in ('queued', 'running') and t.exec is not null) as busy,
         array(select p.info from process p where p.kind = 'worker' and not p.dead) as workers
    from dag d where d.dag_id = $1`;

const WorkerInfo = JsonText.pipe(z.object({ slots: z.int() }));

const row = z
  .object({
    paused: z.boolean(),
    quarantine: z.string().nullable(),
    owned: z.boolean(),
    active_runs: z.int(),
    active_tasks: z.int(),
    busy: z.int(),
    workers: z.array(WorkerInfo),
  })
  .transform(({ active_runs, active_tasks, busy, workers, ...dag }) => ({
    ...dag,
    activeRuns: active_runs,
    activeTasks: active_tasks,
    workers: { count: workers.length, slots: workers.reduce((sum, { slots }) => sum + slots, 0), busy },
  }));

export function explainFacts(dagId: DagId): Statement<z.infer<typeof row>> {
  return { name: "explain_facts", text: TEXT, values: [dagId], row };
}
