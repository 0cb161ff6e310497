import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { pidStart } from "../platform/process-identity";
import type { Child } from "./children";
import { signalProcess } from "./process-table";

const Orphan = z.object({ pid: z.int(), pidStart: z.string() });
type Orphan = z.infer<typeof Orphan>;

const LOOK_MS = 20;

/**
 * Workers whose supervisor was killed. They end by themselves when their attempts have ended; but who stops Vane wants
 * all of it to stop. Each has left a file beside its socket (worker/main.ts).
 */
export function orphanWorkers(runFolder: string): Child {
  const all = (signal: NodeJS.Signals) => {
    for (const { pid } of living(runFolder)) signalProcess(pid, signal);
  };
  return {
    name: "orphans",
    async stop(graceMs) {
      all("SIGTERM");
      const patience = AbortSignal.timeout(graceMs);
      while (living(runFolder).length > 0) {
        if (patience.aborted) all("SIGKILL");
        await wait(LOOK_MS);
      }
    },
    kill() {
      all("SIGKILL");
    },
  };
}

function living(runFolder: string): Orphan[] {
  return readdirSync(runFolder)
    .filter((name) => name.endsWith(".orphan"))
    .flatMap((name) => {
      const orphan = read(join(runFolder, name));
      return orphan && pidStart(orphan.pid) === orphan.pidStart ? [orphan] : [];
    });
}

function read(file: string): Orphan | undefined {
  try {
    return Orphan.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}
