import { once } from "node:events";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { watch } from "./watchdog";

/*
 * dist/runtime.cjs: the process that user code runs in, and the watchdog's thread inside it. What is imported here is in
 * the memory of both; the rest is loaded by the main thread alone.
 */
const [, entry, mark] = process.argv;

if (!isMainThread) watch(String(workerData));
else if (entry === undefined || mark === undefined) throw new Error("A runtime is started by a worker.");
else start(entry, mark);

function start(file: string, ownMark: string) {
  const watchdog = new Worker(file, {
    workerData: ownMark,
    env: {},
    execArgv: [],
    resourceLimits: {
      maxOldGenerationSizeMb: 8,
      maxYoungGenerationSizeMb: 1,
      codeRangeSizeMb: 1,
      stackSizeMb: 1,
    },
  });
  watchdog.once("exit", () => process.kill(-process.pid, "SIGKILL"));
  const guarded = once(watchdog, "online");
  void Promise.all([import("./serve"), guarded]).then(([{ serve }]) => {
    serve();
    // Not before: until somebody listens to the worker, nothing else keeps this process alive.
    watchdog.unref();
  });
}
