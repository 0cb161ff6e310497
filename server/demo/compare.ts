import { z } from "zod";
import type { Message } from "./message-file";

const Count = z.int().min(1);
const One = z.strictObject({
  ends: z.enum(["success", "failed"]),
  /** It has a run so often. */
  everyMinutes: Count.optional(),
  /** It has so many runs, from whatever time. */
  atLeast: Count.optional(),
  /** Each of its runs is told once when it fails. */
  alerts: z.boolean().default(false),
});

/** dags/demo/expected.json: what each DAG of the demo does, by its id. */
export const Expected = z.record(z.string(), One);
export type Expected = z.infer<typeof Expected>;

/** A run as `vane runs list --output json` prints it. */
export interface RunLine {
  readonly dag_id: string;
  readonly run_id: string;
  readonly state: string;
  readonly queued_at: string | null;
  readonly end_date: string | null;
}

interface Given {
  readonly expected: Expected;
  readonly runs: readonly RunLine[];
  readonly messages: readonly Message[];
  /** Looks at what was queued in the last so many. */
  readonly minutes: number;
  readonly now: Date;
}

export interface Checked {
  readonly dagId: string;
  readonly ends: string;
  readonly wanted: number;
  readonly runs: number;
  readonly asExpected: number;
}

interface Comparison {
  readonly dags: readonly Checked[];
  /** Sentences; none: all is as expected. */
  readonly differences: readonly string[];
}

const MINUTE_MS = 60_000;
/** No run of the demo takes longer: one that does hangs. */
const LONGEST_MS = 5 * MINUTE_MS;
/** Until an alert has gone through the outbox. */
const ALERT_MS = MINUTE_MS;

/** The demo does what it is expected to, and nothing else fails. */
export function compareRuns({ expected, runs, messages, minutes, now }: Given): Comparison {
  const ageMs = (time: string | null) => (time === null ? 0 : now.getTime() - Date.parse(time));
  const recent = runs.filter(({ queued_at }) => ageMs(queued_at) <= minutes * MINUTE_MS);

  const dags = Object.entries(expected).map(([dagId, { ends, everyMinutes, atLeast }]): Checked => {
    const of = (list: readonly RunLine[]) => list.filter((run) => run.dag_id === dagId);
    const own = of(atLeast === undefined ? recent : runs);
    const asExpected = own.filter(({ state }) => state === ends).length;
    // One less: the window begins between two ticks, and the last run may be under way.
    const wanted = atLeast ?? Math.max(Math.floor(minutes / (everyMinutes ?? minutes)) - 1, 1);
    return { dagId, ends, wanted, runs: own.length, asExpected };
  });

  const tooFew = dags
    .filter(({ asExpected, wanted }) => asExpected < wanted)
    .map(
      ({ dagId, ends, wanted, asExpected }) =>
        `${dagId}: ${asExpected} runs ended in ${ends}, and at least ${wanted} were expected in ${minutes} minutes.`,
    );
  const wrongEnd = recent
    .filter(({ dag_id, state }) => isEnd(state) && state !== (expected[dag_id]?.ends ?? "success"))
    .map(({ dag_id, run_id, state }) => `${dag_id} ${run_id}: ended in ${state}, which was not expected.`);
  const hanging = runs
    .filter(({ state, queued_at }) => !isEnd(state) && ageMs(queued_at) > LONGEST_MS)
    .map(({ dag_id, run_id, state }) => `${dag_id} ${run_id}: has been ${state} for more than 5 minutes.`);
  const alerts = recent
    .filter(({ dag_id, state, end_date }) => {
      return expected[dag_id]?.alerts && state === "failed" && ageMs(end_date) > ALERT_MS;
    })
    .flatMap(({ dag_id, run_id }) => {
      const told = messages.filter(({ text }) => text.includes(dag_id) && text.includes(run_id)).length;
      return told === 1 ? [] : [`${dag_id} ${run_id}: failed and was told ${told} times instead of once.`];
    });
  return { dags, differences: [...tooFew, ...wrongEnd, ...hanging, ...alerts] };
}

const isEnd = (state: string) => state === "success" || state === "failed";
