import { groupBy } from "../platform/group-by";
import { isLive } from "../domain/task-instance";
import type { Engine } from "./engine";

/** Asks workers what they have of ours: after a takeover, and whenever a socket is new. */
export function askForInventory(engine: Engine): void {
  for (const link of engine.uncertain) {
    engine.uncertain.delete(link);
    const execs = [...engine.execs].filter(([, { run, at }]) => {
      const task = run.tasks[at];
      return task?.worker === link.worker && isLive(task.state);
    });
    for (const [dag, ofDag] of groupBy(execs, ([, place]) => place.dag)) {
      engine.queries += 1;
      link.send({
        ...{ type: "ask", query: engine.queries, dagId: dag.dagId, epoch: dag.epoch },
        execs: ofDag.map(([exec]) => exec),
      });
      // An intent may have been told to a socket that is gone; the worker takes it twice without harm.
      for (const [exec, { run, at }] of ofDag) {
        const task = run.tasks[at];
        const why = task?.intent?.reason ?? (task?.state === "restarting" ? "cleared" : undefined);
        if (why) link.send({ type: "end", dagId: dag.dagId, epoch: dag.epoch, exec, why });
      }
    }
  }
}
