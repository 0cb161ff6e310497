import { openPool } from "../db/pool";
import { beatService } from "../db/process-beat";
import { systemClock } from "../platform/clock";
import type { Log } from "../platform/log";
import type { Running } from "../platform/running";

interface Options {
  readonly databaseUrl: string;
  readonly log: Log;
}

/** Stands by, and shows that it does: what it delivers comes with the first thing to deliver. */
export async function startTriggerer({ databaseUrl, log }: Options): Promise<Running> {
  const db = openPool(databaseUrl, { name: "triggerer", max: 1 });
  const beat = beatService({
    db,
    clock: systemClock(() => 0),
    process: { kind: "triggerer" },
    onPass(outcome) {
      if ("error" in outcome)
        log.warn({ error: String(outcome.error) }, "The database does not take the beat.");
    },
  });
  await beat.begin();
  log.info({}, "Triggerer is up.");

  return {
    failed: new Promise<never>(() => undefined),
    async stop() {
      await beat.stop();
      await db.end();
    },
  };
}
