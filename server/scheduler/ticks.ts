import { intendRun } from "../domain/advance-run";
import { RunId, type DagId } from "../domain/ids";
import { firstTick, intervalOf, nextTick, planTicks, type TickPlan } from "../domain/plan-ticks";
import { checkParams, type ParamError } from "../domain/params";
import { timetable, type Timetable } from "../domain/timetable";
import { findRuns } from "../db/sql/load-dags";
import { apply } from "./apply";
import { createRun } from "./create-run";
import type { Draft } from "./draft";
import type { Engine } from "./engine";
import type { OwnedDag, Version } from "./owned";

/** Runs made for one DAG in one pass; five years of minutes are taken in slices of this. */
const MAX_PER_PASS = 20;

export interface DueTicks {
  readonly plan: TickPlan;
  /** Instants that have a run already, made by hand or by a backfill. */
  readonly taken: ReadonlySet<number>;
}

const timetables = new WeakMap<Version, Timetable>();

export function timetableOf(dag: OwnedDag, version: Version): Timetable {
  const known = timetables.get(version);
  if (known) return known;
  const { schedule, settings } = version.dag;
  const made = timetable(schedule, {
    ...settings,
    start: onceAt(dag, version)?.toISOString() ?? settings.start,
  });
  timetables.set(version, made);
  return made;
}

/** `@once`: at the DAG's start or, without one, when it was first seen. */
function onceAt({ createdAt }: OwnedDag, { dag }: Version): Date | undefined {
  const once = dag.schedule !== null && "once" in dag.schedule;
  if (!once) return undefined;
  return dag.settings.start === null ? createdAt : new Date(dag.settings.start);
}

/**
 * Sets when a DAG has its next tick, after a claim, a new version, an unpause. A new schedule counts from now, unless it
 * is to make up for the past: a deploy never starts a flood.
 */
export function watchTicks(engine: Engine, dag: OwnedDag, now: Date, changed: boolean): void {
  const version = dag.latest;
  if (!version || dag.paused || !dag.active) return;
  const table = timetableOf(dag, version);
  const { settings } = version.dag;
  const once = onceAt(dag, version);
  const overdue = dag.nextRun !== null && dag.nextRun <= now;
  if (once) {
    dag.nextRun = dag.lastTick ? null : once;
  } else if (dag.lastTick && (settings.catchup !== false || !changed || overdue)) {
    dag.nextRun = nextTick(table, settings, dag.lastTick);
  } else if (changed || dag.nextRun === null) {
    dag.nextRun = firstTick(table, settings, now);
  }
  rearm(engine, dag);
}

function rearm(engine: Engine, dag: OwnedDag): void {
  if (dag.nextRun) engine.due.add(dag.nextRun.getTime(), { kind: "tick", dag });
}

/** Reads what the decision needs: which of the due instants have a run already. */
export async function gatherTicks(engine: Engine, now: Date): Promise<Map<DagId, DueTicks>> {
  const gathered = new Map<DagId, DueTicks>();
  if (engine.clock.monotonicMs() < engine.ticksWaitUntilMs) return gathered;
  for (const dag of engine.tickDags) {
    const version = dag.latest;
    if (!version || !dag.nextRun || dag.paused || !dag.active || dag.nextRun > now) {
      engine.tickDags.delete(dag);
      // It rang by a clock that has been put back since.
      if (dag.nextRun && dag.nextRun > now) rearm(engine, dag);
      continue;
    }
    const { settings } = version.dag;
    const plan = planTicks({
      ...{ timetable: timetableOf(dag, version), settings, due: dag.nextRun, now, limit: MAX_PER_PASS },
    });
    const ids = plan.create.map(scheduledId);
    const found =
      plan.create.length > 0 ? await engine.session.query(findRuns(dag.dagId, ids, plan.create)) : [];
    const taken = new Set(found.flatMap(({ head }) => head.logicalDate?.getTime() ?? []));
    gathered.set(dag.dagId, { plan, taken });
  }
  return gathered;
}

export function createDueRuns(engine: Engine, draft: Draft, dag: OwnedDag, { plan, taken }: DueTicks): void {
  engine.tickDags.delete(dag); // not before: nothing else would bring it back
  const version = dag.latest;
  if (!version) return;
  const conf = checkParams(version.dag.params, {});
  for (const tick of plan.create) {
    if (taken.has(tick.getTime())) continue;
    const { start, end } = intervalOf(timetableOf(dag, version), tick);
    const run = createRun(engine, draft, dag, version, {
      ...{ runId: RunId.parse(scheduledId(tick)), type: "scheduled", logicalDate: tick, runAfter: tick },
      ...{ intervalStart: start, intervalEnd: end, conf: conf.ok ? conf.value : {}, triggeredBy: "schedule" },
    });
    // A param without a default has no value in a scheduled run: better a run that says so than none.
    if (!conf.ok) {
      const intent = { to: "failed", reason: "params_invalid", error: withoutDefaults(conf.errors) } as const;
      apply(engine, draft, dag, intendRun(run, intent, draft.now));
    }
  }
  dag.lastTick = plan.create.at(-1) ?? dag.lastTick;
  dag.nextRun = plan.next;
  saveColumns(draft, dag);
  draft.afterCommit.push(() => {
    rearm(engine, dag);
  });
}

function withoutDefaults(errors: readonly ParamError[]) {
  const places = errors.map(({ path, message }) => `${path.join(".") || "params"}: ${message}`).join(" ");
  const message = `A scheduled run takes the defaults of its params, and these do not fit. ${places} Give them defaults that do.`;
  return { name: "VaneError", message, stack: "", code: "params.invalid" };
}

export function saveColumns(draft: Draft, dag: OwnedDag): void {
  const { dagId, epoch, currentVersion, nextRun, lastTick } = dag;
  draft.touched.add(dagId);
  draft.columns.set(dagId, { dagId, epoch, currentVersion, nextRun, lastTick });
}

/** As Airflow writes it; whole seconds. */
const scheduledId = (tick: Date) => `scheduled__${tick.toISOString().replace(".000Z", "Z")}`;
