import type { Log } from "../platform/log";
import type { Running } from "../platform/running";
import type { SecretOptions } from "../secrets/options";
import { beginLife, type Life } from "./life";
import type { End } from "./passes";

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

/** A scheduler: claims DAGs and moves their runs. Deposed, it drops all it knows and competes again as a new process. */
export async function startScheduler(options: SchedulerOptions): Promise<Running> {
  const { log } = options;
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

  await life;
  return {
    failed,
    stop: () => (stopped ??= life.then((last) => last.end("goodbye"))),
  };
}
