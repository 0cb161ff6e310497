import { connectClient } from "../db/pool";
import type { Retention } from "../domain/retention";
import { systemClock } from "../platform/clock";
import type { Log } from "../platform/log";
import type { Running } from "../platform/running";
import type { SecretOptions } from "../secrets/options";
import { beginLife, type Life } from "./life";
import type { End } from "./passes";
import { prunerService } from "./pruner";

export interface SchedulerOptions {
  readonly databaseUrl: string;
  /** Where workers of this machine listen. */
  readonly runFolder: string;
  readonly installKey: string;
  readonly home: string;
  /** For links in alerts. */
  readonly publicUrl: string;
  readonly secrets: SecretOptions;
  /** Default: 1. Tests of long pauses divide all limits by it. */
  readonly limitsDivisor?: number;
  readonly log: Log;
}

interface StartOptions extends SchedulerOptions {
  readonly retention: Retention;
}

/** A scheduler: claims DAGs and moves their runs. Deposed, it drops all it knows and competes again as a new process. */
export async function startScheduler(options: StartOptions): Promise<Running> {
  const { log, databaseUrl, home, retention } = options;
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  let stopped: Promise<void> | undefined;
  let life: Promise<Life> = beginLife(options, onEnd);

  function onEnd(end: End) {
    if (stopped) return;
    if (end !== "deposed") {
      fail(end.error);
      return;
    }
    log.warn({}, "Deposed; starting anew under another id");
    life = life.then(async (last) => {
      await last.end("deposed");
      return beginLife(options, onEnd);
    });
    life.catch(fail);
  }

  const endLife = async () => {
    await (await life).end("goodbye");
  };

  await life;
  const pruner = prunerService({
    ...{ home, retention, log, clock: systemClock(() => 0) },
    // A slice is short, but for the run that is larger than any slice.
    connect: () => connectClient(databaseUrl, { name: "retention", session: { statement_timeout: "30s" } }),
  });
  pruner.start();
  return {
    failed,
    stop: () => (stopped ??= Promise.all([pruner.stop(), endLife()]).then(() => undefined)),
  };
}
