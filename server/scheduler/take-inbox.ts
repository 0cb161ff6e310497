import type { InboxRow } from "../db/sql/open-commands";
import type { Draft } from "./draft";
import type { Engine } from "./engine";
import type { Gathered } from "./gather";
import { addVersion, type OwnedDag } from "./owned";
import { saveColumns, watchTicks } from "./ticks";

/** Somebody changed the DAG's row or brought a version: memory follows, and what was waiting is looked at again. */
export function takeInbox(engine: Engine, draft: Draft, row: InboxRow, { dags }: Gathered): void {
  draft.inbox.push(row.id);
  draft.touched.add(row.dagId);
  const dag = engine.dags.get(row.dagId);
  const read = dags.get(row.dagId);
  if (!dag || !read) return;
  dag.paused = read.row.paused;
  dag.active = read.row.active;
  for (const version of read.versions) addVersion(dag, version);
  takeLatest(engine, draft, dag);
  engine.queuedDags.add(dag);
  if (dag.ready.length > 0) engine.readyDags.add(dag);
}

/** Runs made from now on are of the newest version; its schedule decides when the next one is. */
export function takeLatest(engine: Engine, draft: Draft, dag: OwnedDag): void {
  const number = dag.latest?.number ?? null;
  const changed = number !== dag.currentVersion;
  const before = dag.nextRun?.getTime();
  watchTicks(engine, dag, draft.now, changed);
  if (!changed && before === dag.nextRun?.getTime()) return;
  dag.currentVersion = number;
  saveColumns(draft, dag);
}
