import { loadRuns } from "../db/sql/load-dags";
import { OPEN_CALLBACKS, openCallbacks, type CallbackRow } from "../db/sql/open-callbacks";
import { groupBy } from "../platform/group-by";
import { watchTimeout } from "./callbacks";
import type { Engine } from "./engine";
import type { OpenCallback, OwnedDag } from "./owned";
import { factsOfHead } from "./run-facts";

/** Takes functions that wait to be called into memory: new ones, and all of a DAG that was claimed. */
export async function gatherCallbacks(engine: Engine): Promise<void> {
  const { look, dags, session } = engine;
  const wanted = [...look.callbacks].filter((dagId) => dags.has(dagId));
  const rows = wanted.length > 0 ? await session.query(openCallbacks(wanted)) : [];
  const runs = rows.length > 0 ? await session.query(loadRuns(rows.map(({ runKey }) => runKey))) : [];
  look.callbacks.clear();
  const heads = new Map(runs.map(({ head }) => [head.runKey, head]));
  for (const [dagId, ofDag] of groupBy(rows, (row) => row.dagId)) {
    const dag = dags.get(dagId);
    if (!dag) continue;
    dag.moreCallbacks = ofDag.length === OPEN_CALLBACKS;
    for (const row of ofDag) {
      const head = heads.get(row.runKey);
      if (head && !dag.callbacks.has(row.id))
        add(engine, dag, row, factsOfHead({ ...head, version: row.version }));
    }
  }
}

function add(engine: Engine, dag: OwnedDag, row: CallbackRow, run: ReturnType<typeof factsOfHead>): void {
  const { id, state, exec, worker, tries, nextAt } = row;
  const progress = { state, exec, worker, tries, nextAt, repeated: false, why: null };
  const callback: OpenCallback = { ...{ id, dag, row, run, progress }, timeoutMs: Infinity };
  dag.callbacks.set(id, callback);
  if (exec && worker) {
    engine.callbackExecs.set(exec, callback);
    engine.executor.linkTo(worker)?.inFlight.add(exec);
    watchTimeout(engine, callback, engine.clock.now());
  } else {
    engine.due.add(nextAt.getTime(), { kind: "callback", dag, id });
  }
}
