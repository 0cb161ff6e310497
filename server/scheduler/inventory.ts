import { groupBy } from "../platform/group-by";
import type { Engine } from "./engine";
import { liveExecs } from "./live-execs";

/** Asks workers what they have of ours: after a takeover, and whenever a socket is new. */
export function askForInventory(engine: Engine): void {
  if (engine.uncertain.size === 0) return;
  const byWorker = groupBy(liveExecs(engine), ({ worker }) => worker);
  for (const link of engine.uncertain) {
    engine.uncertain.delete(link);
    for (const [dag, ofDag] of groupBy(byWorker.get(link.worker) ?? [], (live) => live.dag)) {
      engine.queries += 1;
      link.send({
        ...{ type: "ask", query: engine.queries, dagId: dag.dagId, epoch: dag.epoch },
        execs: ofDag.map(({ exec }) => exec),
      });
      // An intent may have been told to a socket that is gone; the worker takes it twice without harm.
      for (const { exec } of ofDag) {
        const place = engine.execs.get(exec);
        const task = place?.run.tasks[place.at];
        const why = task?.intent?.reason ?? (task?.state === "restarting" ? "cleared" : undefined);
        if (why) link.send({ type: "end", dagId: dag.dagId, epoch: dag.epoch, exec, why });
      }
    }
  }
}
