import { z } from "zod";
import { DagSettings } from "../domain/serialized-dag";
import { CallbackItems, serializeCallbacks, type Callbacks } from "./callbacks";
import { DurationMs, type Duration } from "./duration";
import type { PlainParams } from "./params";
import { loadError, type Place } from "./place";
import type { Schedule } from "./schedule";
import { Settings, type TaskSettings } from "./task-settings";
import { instantOf, isZone } from "./zone";

export interface DagOptions<S extends z.ZodObject> {
  id: string;
  displayName?: string;
  description?: string;
  /** Markdown. */
  docs?: string;
  tags?: string[];
  owners?: (string | { name: string; link: string })[];
  /** Default null: only by hand. */
  schedule?: Schedule;
  /** IANA; default UTC. */
  timezone?: string;
  /** No tick before it. Without an offset ("2026-01-01") it is local time in the DAG's zone. */
  start?: string | Date;
  end?: string | Date;
  /** Ticks missed while nothing ran or before the file came: false (default), all of them, or those of a window. */
  catchup?: boolean | { window: Duration };
  /** Default 16. */
  maxActiveRuns?: number;
  /** Running at once in one run's DAG; default 16. */
  maxActiveTasks?: number;
  /** Of a whole run. */
  timeout?: Duration;
  /** New DAGs start unpaused. */
  pausedOnCreation?: boolean;
  /**
   * Plain JSON: its JSON Schema makes the trigger form and checks a run's conf without user code. Dates are z.iso.date()
   * or z.iso.datetime(). Refinements run in a runtime before the first attempt.
   */
  params?: S & PlainParams<S>;
  /** For every task that does not say otherwise. */
  defaults?: TaskSettings;
  onSuccess?: Callbacks;
  onFailure?: Callbacks;
}

const When = z.union([z.string(), z.date()], { error: "must be a date, or text as 2026-01-01" });
const Owner = z.union([z.string(), z.strictObject({ name: z.string(), link: z.string() })], {
  error: "must be a name, or { name, link }",
});

/** @internal But `params`: a schema is no data. */
export const Options = z.strictObject({
  id: z.string(),
  schedule: z.string().nullable().default(null),
  timezone: z.string().default("UTC"),
  defaults: Settings.default({}),
  start: When.optional(),
  end: When.optional(),
  catchup: z.union([z.boolean(), z.strictObject({ window: DurationMs })]).optional(),
  timeout: DurationMs.optional(),
  owners: z.array(Owner).default([]),
  onSuccess: CallbackItems.optional(),
  onFailure: CallbackItems.optional(),
  displayName: z.string().optional(),
  description: z.string().optional(),
  docs: z.string().optional(),
  tags: z.array(z.string().max(100)).max(100).optional(),
  maxActiveRuns: z.int().min(1).max(10_000).optional(),
  maxActiveTasks: z.int().min(1).max(10_000).optional(),
  pausedOnCreation: z.boolean().optional(),
});
/** @internal */
export type Options = z.infer<typeof Options>;

/** @internal */
export function serializeOptions(options: Options, place: Place): DagSettings {
  const { id, timezone, start, end, catchup, timeout, owners } = options;
  if (!isZone(timezone)) {
    throw loadError(
      "timezone.unknown",
      `DAG ${id}: there is no time zone ${JSON.stringify(timezone)}. Use a name as Europe/Berlin or UTC.`,
      place,
    );
  }
  const instant = (name: string, when: string | Date | undefined) => {
    if (when === undefined) return null;
    const at = when instanceof Date ? when : instantOf(when, timezone);
    if (at) return at.toISOString();
    throw loadError(
      "dag.invalid",
      `DAG ${id}, ${name}: ${JSON.stringify(when)} is no date. Write it as 2026-01-01 or 2026-01-01T06:00.`,
      place,
    );
  };
  return DagSettings.parse({
    timezone,
    displayName: options.displayName,
    description: options.description,
    docs: options.docs,
    tags: options.tags,
    maxActiveRuns: options.maxActiveRuns,
    maxActiveTasks: options.maxActiveTasks,
    pausedOnCreation: options.pausedOnCreation,
    start: instant("start", start),
    end: instant("end", end),
    catchup: typeof catchup === "object" ? catchup.window : catchup,
    timeoutMs: timeout,
    owners: owners.map((owner) => (typeof owner === "string" ? { name: owner, link: null } : owner)),
    onSuccess: serializeCallbacks(options.onSuccess),
    onFailure: serializeCallbacks(options.onFailure),
  });
}
