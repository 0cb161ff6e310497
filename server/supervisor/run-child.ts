import { once } from "node:events";
import { createInterface } from "node:readline";
import type { z } from "zod";
import { toVaneError } from "../platform/errors";
import { processLog, type Log } from "../platform/log";
import type { Running } from "../platform/running";
import { STOP } from "./stop-word";

/** The supervisor's patience is shorter; this is for a process whose supervisor was killed. */
const STOP_LIMIT_MS = 14_000;

/**
 * The life of a process under a supervisor. Its options are the first line of stdin, the word to stop is another. When
 * stdin ends without it the supervisor was killed: then a process stops as well, but for one that has begun what must not
 * be broken off; that one stops when this has ended, or at a signal. Before, signals that only ask are ignored: Ctrl-C
 * reaches the whole group, but in which order things stop is the supervisor's word.
 */
export async function runChild<Options extends { readonly logLevel: string }>(
  kind: string,
  schema: z.ZodType<Options>,
  start: (options: Options & { readonly log: Log }) => Promise<Running>,
): Promise<void> {
  // Whoever read what it says may be gone before it is.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const { firstLine, end } = listen();
  const signalled = untilSignal(end);
  const options = schema.parse(JSON.parse(await firstLine));
  const log = processLog(kind, options.logLevel);

  let running: Running | undefined;
  const stop = async () => {
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    await running?.stop();
  };
  try {
    const starting = start({ ...options, log });
    void end.then(() => {
      // Before it is up there is nothing to end in order.
      if (!running) process.exit(0);
    });
    running = await starting;
    const why = await Promise.race([end, running.failed]);
    if (why === "orphaned" && running.leave) {
      log.warn({}, "The supervisor is gone; what has begun here goes on to its end");
      await Promise.race([running.leave(), signalled, running.failed]);
    }
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

type End = "stop" | "orphaned";

function listen(): { readonly firstLine: Promise<string>; readonly end: Promise<End> } {
  const lines = createInterface({ input: process.stdin });
  const firstLine = once(lines, "line").then(([line]) => String(line));
  const end = new Promise<End>((resolve) => {
    lines.on("line", (line) => {
      if (line === STOP) resolve("stop");
    });
    lines.on("close", () => {
      resolve("orphaned");
    });
  });
  return { firstLine, end };
}

/** After the end of the supervisor's word; ignored until then. */
function untilSignal(end: Promise<End>): Promise<void> {
  let ended = false;
  void end.then(() => (ended = true));
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (ended) resolve();
      });
    }
  });
}
