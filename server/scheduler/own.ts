import type { DagId } from "../domain/ids";
import { claimDags, ownedDags } from "../db/sql/claim-dags";
import { releaseDags } from "../db/sql/release-dags";
import type { Draft } from "./draft";
import type { Engine } from "./engine";
import { dagOfInput } from "./live-execs";
import { forget, load, recount, SLICE } from "./load";
import { persistently } from "./persistently";
import { takeLatest } from "./take-inbox";

/** Claims DAGs that nobody live owns, up to the fair share, and takes them into memory. False: it is deposed. */
export async function claim(engine: Engine): Promise<boolean> {
  const room = Math.min(SLICE, engine.share - engine.dags.size);
  if (room <= 0) return true;
  const outcome = await engine.flusher.commit([claimDags(engine.id, room)]);
  switch (outcome.kind) {
    case "deposed":
      return false;
    case "refused":
      engine.log.error({ error: String(outcome.cause) }, "The claim of DAGs was refused");
      return true;
    case "committed": {
      const [won] = outcome.rows;
      if (won.length === room) engine.look.claim = true; // there may be more
      await load(engine, won);
      return true;
    }
    case "committed_before": {
      const owned = await persistently(engine, () => engine.session.query(ownedDags(engine.id)));
      await load(
        engine,
        owned.filter(({ dagId }) => !engine.dags.has(dagId)),
      );
      return true;
    }
  }
}

/** What a claim has to write in the next flush: the version it goes on with and the next tick. */
export function settleAdopted(engine: Engine, draft: Draft): void {
  for (const dag of engine.adopted) {
    if (!draft.scope.includes(dag.dagId)) continue;
    engine.adopted.delete(dag);
    takeLatest(engine, draft, dag);
  }
}

/**
 * Gives away what is far above the mean, a little a beat, with nothing in flight for it: no report that waits, no
 * dispatch (those of the last flush have been handed over). Running attempts go along; the next owner asks for them.
 */
export function releaseSurplus(engine: Engine, draft: Draft): void {
  const { dags, share, inputs, suspects, id } = engine;
  if (dags.size <= share * 1.2) return;
  const busy = new Set<DagId | undefined>([
    ...draft.touched,
    ...inputs.map((input) => dagOfInput(engine, input)),
  ]);
  const idle = [...dags.values()].filter(({ dagId }) => !busy.has(dagId) && !suspects.has(dagId));
  const given = idle.slice(0, Math.min(dags.size - share, Math.ceil(dags.size * 0.05)));
  if (given.length === 0) return;
  draft.own.push(releaseDags(id, given));
  for (const dag of given) draft.touched.add(dag.dagId);
  draft.afterCommit.push(() => {
    for (const dag of given) forget(engine, dag);
    recount(engine);
  });
}
