import { once } from "node:events";
import { createInterface } from "node:readline";
import type { z } from "zod";
import { toVaneError } from "../platform/errors";
import { processLog, type Log } from "../platform/log";
import type { Running } from "../platform/running";

/** The supervisor's patience is shorter; this is for a process whose supervisor was killed. */
const STOP_LIMIT_MS = 14_000;

/**
 * The life of a process under a supervisor. Its options are the first line of stdin; stdin's end means "stop", which
 * a killed supervisor says as well. Ctrl-C reaches the whole group, but in which order things stop is the supervisor's
 * word: signals that only ask are ignored here.
 */
export async function runChild<Options extends { readonly logLevel: string }>(
  kind: string,
  schema: z.ZodType<Options>,
  start: (options: Options & { readonly log: Log }) => Promise<Running>,
): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  const lines = createInterface({ input: process.stdin });
  const closed = once(lines, "close");
  const [line] = (await once(lines, "line")) as [string];
  const options = schema.parse(JSON.parse(line));
  const log = processLog(kind, options.logLevel);

  let running: Running | undefined;
  const stop = async () => {
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    await running?.stop();
  };
  try {
    const starting = start({ ...options, log });
    void closed.then(() => {
      // Before it is up there is nothing to end in order.
      if (!running) process.exit(0);
    });
    running = await starting;
    await Promise.race([closed, running.failed]);
    await stop();
    process.exit(0);
  } catch (error) {
    const { code, sentence, detail, cause } = toVaneError(error);
    const stack = cause instanceof Error ? cause.stack : undefined;
    log.error({ code, ...detail, stack }, sentence);
    await stop().catch(() => undefined);
    process.exit(1);
  }
}
