import { existsSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { readConfig, type Flags } from "../config/config";
import { openHome } from "../config/home";
import { toVaneError } from "../platform/errors";
import { startStandalone } from "../supervisor/standalone";
import { outliveReader } from "./terminal";

/** Of this file's bundle, dist/standalone.cjs or dist/vane.cjs, with which everything else was built. */
const DIST = dirname(fileURLToPath(import.meta.url));

/** A group's signal and the one that npm passes on come together; a person's second one does not. */
const SECOND_SIGNAL_MS = 700;

/** Runs until it is told to stop, read or not (the log file has it all). Resolves to the exit code. */
export async function standalone(flags: Flags & { readonly demo?: boolean }): Promise<number> {
  outliveReader();
  const say = (line: string) => {
    process.stdout.write(`${line}\n`);
  };
  try {
    const config = readConfig(flags);
    const { folder: home, installKey, keys } = openHome(config.home);
    const demoFolder = join(config.dagsFolder, "demo");
    const demo = (flags.demo ?? false) && existsSync(demoFolder);
    if (flags.demo && !demo) say(`There is no ${demoFolder}: the demo comes with a clone of Vane.`);
    const system = startStandalone({
      ...config,
      ...{ home, installKey, say },
      dist: DIST,
      migrations: join(DIST, "..", "prisma", "migrations"),
      dagFolders: [{ path: config.dagsFolder }, ...(demo ? [{ path: demoFolder, demo: true }] : [])],
      demo,
      env: config.childEnvironment,
      secrets: { keys, environment: config.secretEnvironment },
      colours: process.stdout.isTTY,
    });
    const asked = untilSignal(() => {
      system.kill();
    });
    const ended = asked.then(() => {
      say("Stopping ...");
      return system.stop();
    });
    await Promise.race([
      system.ready.then(({ url, setUpUrl }) => {
        say(`Vane is ready: ${url}`);
        if (setUpUrl !== undefined) say(`Set up the first admin: ${setUpUrl}`);
      }),
      ended,
    ]);
    await ended;
    return 0;
  } catch (error) {
    const { code, sentence, cause } = toVaneError(error);
    process.stderr.write(`${sentence}\n`);
    if (code === "internal")
      process.stderr.write(`${cause instanceof Error ? cause.stack : String(cause)}\n`);
    return 1;
  }
}

/** Resolves at the first signal; `now` is called at the second. */
function untilSignal(now: () => void): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | undefined;
    const hear = () => {
      firstMs ??= performance.now();
      resolve();
      if (performance.now() - firstMs < SECOND_SIGNAL_MS) return;
      now();
      process.exit(130);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, hear);
  });
}
