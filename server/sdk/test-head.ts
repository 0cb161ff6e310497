import { RunId, RunKey } from "../domain/ids";
import type { RunHead } from "../domain/run-state";
import type { Json } from "../domain/serialized-dag";
import { timetable } from "../domain/timetable";
import type { RunFacts } from "../executor/protocol";
import { VaneError } from "../platform/errors";
import type { DagInside } from "./inside";

interface When {
  readonly now: Date;
  readonly logicalDate: Date | null;
}

/** A run by hand at `now`, with the whole schema asked about its params. */
export async function testHead(
  dag: DagInside,
  params: unknown,
  { now, logicalDate }: When,
): Promise<RunHead> {
  const { schedule, settings } = dag.serialized;
  const ticks = timetable(schedule, settings);
  // The last complete interval: its end may be this very instant.
  const intervalEnd = ticks.before(new Date((logicalDate ?? now).getTime() + 1)) ?? logicalDate ?? now;
  const intervalStart = ticks.before(intervalEnd) ?? intervalEnd;
  return {
    runKey: RunKey.parse(1),
    dagId: dag.id,
    runId: RunId.parse(`manual__${now.toISOString()}`),
    ...{ type: "manual", logicalDate, intervalStart, intervalEnd, runAfter: now },
    conf: await checkedParams(dag, params),
    ...{ version: 1, triggeredBy: "test", queuedAt: now },
  };
}

export function factsOf(head: RunHead): RunFacts {
  const { runKey, runId, type, logicalDate, intervalStart, intervalEnd, runAfter, conf, version } = head;
  return {
    ...{ runKey, runId, runType: type, version, params: conf },
    logicalDate: logicalDate?.toISOString() ?? null,
    intervalStart: intervalStart.toISOString(),
    intervalEnd: intervalEnd.toISOString(),
    runAfter: runAfter.toISOString(),
  };
}

async function checkedParams(dag: DagInside, params: unknown = {}): Promise<RunHead["conf"]> {
  if (!dag.params) return {};
  const parsed = await dag.params.safeParseAsync(params);
  // Plain JSON: the types and the load-time check of `params` hold it.
  if (parsed.success) return JSON.parse(JSON.stringify(parsed.data)) as Readonly<Record<string, Json>>;
  const issue = parsed.error.issues[0];
  const place = ["params", ...(issue?.path ?? [])].join(".");
  throw new VaneError(
    "params.invalid",
    `The test of ${dag.id} gave ${place}: ${issue?.message ?? "not valid"}.`,
    {
      cause: parsed.error,
    },
  );
}
