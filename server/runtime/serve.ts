import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { Came, ErrorFacts, WorkItem } from "../executor/protocol";
import { renderLines, type LogLevel, type LogSource } from "../logs/log-line";
import { masker } from "../logs/mask";
import { VaneError } from "../platform/errors";
import type { AttemptHost, DagInside } from "../sdk/inside";
import { attemptHost, questions } from "./attempt-host";
import { loadedBundles } from "./bundles";
import { checkParams } from "./check-params";
import { watchChildren } from "./children";
import { logPipe } from "./log-pipe";
import { captureOutput } from "./output";
import { FD, type FromRuntime, type ToRuntime } from "./protocol";
import { runCallback } from "./run-callback";
import { failed, runTask } from "./run-task";
import { sdk } from "./sdk";
import { surroundings } from "./surroundings";

type Run = Extract<ToRuntime, { type: "run" }>;

interface Current {
  readonly run: Run;
  readonly controller: AbortController;
  readonly pushed: Map<string, string>;
  signalWasSeen: () => boolean;
  /** What user code threw where nobody could catch it. */
  readonly broken: Promise<Came>;
  readonly breakWith: (thrown: unknown) => void;
}

/** Handles are often closed a turn of the loop after the function has returned (sockets of a pool that was ended). */
const SETTLE_MS = [0, 0, 5, 20, 75];

const DISCONNECTED_MS = 1_000;

/** The life of a runtime: one attempt after the other, as the worker hands them over. */
export function serve(): void {
  const channel = privateChannel();
  const pipe = logPipe(FD.log);
  let current: Current | undefined;
  let spoiled = false;

  // Here as well as in the worker: only here is a long message still in one piece.
  const secrets = masker();
  const say = (source: LogSource, level: LogLevel, message: string, fields?: Record<string, unknown>) => {
    for (const line of renderLines(source, level, secrets.mask(message), fields)) pipe.write(line);
  };
  const log: AttemptHost["log"] = (level, message, fields) => {
    say("log", level, message, fields);
  };
  const output = captureOutput(say, secrets);
  const children = watchChildren();
  const asked = questions(channel.send, secrets.add);
  const bundles = loadedBundles(sdk);
  const around = surroundings(children);

  process.on("message", (message: ToRuntime) => {
    switch (message.type) {
      case "run":
        if (!spoiled) void perform(message);
        break;
      case "abort":
        current?.controller.abort(new Error(`This attempt is to end: ${message.why}`));
        break;
      case "connection":
      case "variable":
        asked.take(message);
        break;
    }
  });
  // Who is at the other end ends this process, and knows why; were it gone, the watchdog would be faster than this.
  process.on("disconnect", () => setTimeout(() => process.kill(-process.pid, "SIGKILL"), DISCONNECTED_MS));
  process.on("SIGTERM", () => {
    // A task that looks at its signal, or listens itself, has the time until SIGKILL to tidy up; any other has no use for it.
    if (current?.signalWasSeen() === true || process.listenerCount("SIGTERM") > 1) return;
    process.kill(process.pid, "SIGKILL");
  });
  process.on("uncaughtException", broke);
  process.on("unhandledRejection", broke);
  process.on("exit", (code) => {
    output.flush();
    if (current)
      say("vane", "error", `The process ended itself (exit code ${code}) before the task was finished.`);
  });
  around.accept();
  channel.send({ type: "ready" });

  function broke(thrown: unknown) {
    // Between attempts nobody's log is open: this process served its last one.
    if (current) current.breakWith(thrown);
    else process.kill(-process.pid, "SIGKILL");
  }

  async function perform(run: Run) {
    current = newCurrent(run);
    const came = await Promise.race([carryOut(current), current.broken]);
    output.flush();
    if (came.kind === "failed" || came.kind === "retry") say("vane", "error", ...inWords(came.error));
    const stillRunning = (await leftRunning()) ?? null;
    current = undefined;
    const { exec } = run.work;
    const facts = { exec, came, logBytes: pipe.bytes, stillRunning };
    channel.send({ type: "done", ...facts, spawned: children.wereStarted() });
    const why = around.changed();
    if (why === undefined) return;
    spoiled = true;
    channel.send({ type: "spoiled", why });
  }

  async function carryOut(of: Current): Promise<Came> {
    const { work, bundle, spillPrefix } = of.run;
    try {
      const dag = findDag(work, bundle);
      const hostFor = (place: Pick<AttemptHost, "taskId" | "mapIndex" | "attempt">) => {
        const watched = attemptHost(work, place, { questions: asked, log, ...of });
        of.signalWasSeen = watched.signalWasSeen;
        return watched.host;
      };
      switch (work.kind) {
        case "params":
          return await checkParams(dag, work);
        case "callback":
          return await runCallback(dag, work, hostFor);
        case "task":
          return await runTask({ dag, work, host: hostFor(work), pushed: of.pushed, spillPrefix });
      }
    } catch (thrown) {
      return failed(thrown);
    }
  }

  function findDag(work: WorkItem, files: Run["bundle"]): DagInside {
    const { dags, fresh } = bundles.dags(work.bundleHash, files);
    if (fresh) around.accept();
    const dag = dags.find(({ inside }) => inside.id === work.dagId);
    if (dag?.structureHash === work.structureHash) return dag.inside;
    const what = dag ? "has another structure than when it was loaded" : "is not there";
    throw new VaneError(
      "dag.not_pure",
      `${work.dagId} ${what}: its file gives different DAGs from the same code. ` +
        "Make what it builds depend on the code alone, not on time, environment or files.",
    );
  }

  async function leftRunning() {
    let left = around.stillRunning();
    for (const ms of SETTLE_MS) {
      if (left === undefined) break;
      await (ms === 0 ? nextTurn() : sleep(ms));
      left = around.stillRunning();
    }
    return left;
  }
}

function newCurrent(run: Run): Current {
  let breakWith: (thrown: unknown) => void = () => {};
  const broken = new Promise<Came>((resolve) => {
    breakWith = (thrown) => {
      resolve(failed(thrown));
    };
  });
  const controller = new AbortController();
  return { run, controller, pushed: new Map(), signalWasSeen: () => false, broken, breakWith };
}

const inWords = ({ name, message, stack }: ErrorFacts) =>
  [`${name}: ${message}`, stack === "" ? {} : { stack }] as const;

/** User code finds no channel to write to: what it sent there would not be ours. */
function privateChannel(): { readonly send: (message: FromRuntime) => void } {
  const send = process.send?.bind(process);
  if (!send) throw new Error("A runtime is started by a worker, with a channel to it.");
  delete process.send;
  return { send: (message) => void send(message) };
}
