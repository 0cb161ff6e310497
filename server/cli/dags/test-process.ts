import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isSecretName, secretTexts } from "../../domain/connection";
import type { ConnectionFacts } from "../../executor/protocol";
import { masker } from "../../logs/mask";
import { VaneError } from "../../platform/errors";
import { FromDagTest, type TestedTask, type ToDagTest } from "../../runtime/dag-test-protocol";
import type { Refused } from "../../secrets/resolve";

/** Beside this very bundle lies the one that runs user code. */
const ENTRY = join(dirname(fileURLToPath(import.meta.url)), "dag-test.cjs");

export type Tested =
  | { readonly kind: "ended"; readonly state: "success" | "failed"; readonly tasks: readonly TestedTask[] }
  | { readonly kind: "interrupted" };

interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly connection: (id: string) => Promise<ConnectionFacts | Refused>;
  readonly variable: (key: string) => Promise<{ readonly value: string } | Refused>;
  /** What happens, and what user code prints; secrets that it was given are masked. */
  readonly onLine: (line: string) => void;
  readonly onInterrupt: (then: () => void) => () => void;
}

type Run = Extract<ToDagTest, { type: "run" }>;

/** Runs a DAG in a process of its own. Rejects when it could not be run. */
export async function runDagTest(run: Run, surroundings: Surroundings): Promise<Tested> {
  const { cwd, env, onLine, onInterrupt } = surroundings;
  const { mask, add } = masker();
  const child = spawn(process.execPath, ["--enable-source-maps", ENTRY], {
    ...{ cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe", "ipc"] },
  });
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // the whole group is gone
    }
  };
  const interrupted = new AbortController();
  const callOff = onInterrupt(() => {
    interrupted.abort();
    kill();
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream)
      createInterface({ input: stream }).on("line", (line) => {
        onLine(mask(line));
      });
  }
  const ends: Exclude<FromDagTest, { type: "line" | "ask" }>[] = [];

  async function answer({ query, what, id }: Extract<FromDagTest, { type: "ask" }>): Promise<void> {
    const found = what === "connection" ? await surroundings.connection(id) : await surroundings.variable(id);
    let message: ToDagTest;
    if ("refused" in found) message = { type: "refused", query, why: found.refused };
    else if ("value" in found) {
      if (isSecretName(id)) add([found.value]);
      message = { type: "variable", query, value: found.value };
    } else {
      add(secretTexts(found.secrets));
      message = { type: "connection", query, facts: found };
    }
    if (child.connected) child.send(message);
  }

  child.on("message", (text) => {
    const message = FromDagTest.safeParse(text).data; // user code may write there, too
    if (message?.type === "line") onLine(mask(message.text));
    else if (message?.type === "ask") {
      answer(message).catch((error: unknown) => {
        child.send({ type: "refused", query: message.query, why: String(error) });
      });
    } else if (message) ends.push(message);
  });
  child.send(run);
  // "close" waits for the output, but not for the channel: on a busy machine the last word would come after it.
  const silent = new Promise<void>((resolve) => child.once("disconnect", resolve));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
    // What it has started may hold its output open.
    child.once("exit", kill);
  });
  if (child.connected) await silent;
  callOff();
  const [last] = ends;
  if (interrupted.signal.aborted) return { kind: "interrupted" };
  if (last?.type === "ended")
    return { kind: "ended", state: last.state, tasks: maskedTasks(last.tasks, mask) };
  if (last) throw failure(last.error, mask);
  throw new VaneError(
    "input.invalid",
    `The process of the test ended with ${exitCode === null ? "a signal" : `exit code ${exitCode}`} before the DAG did. Does a task end it?`,
  );
}

const maskedTasks = (tasks: readonly TestedTask[], mask: (text: string) => string): TestedTask[] =>
  tasks.map((task) => ({
    ...task,
    error: task.error && { ...task.error, message: mask(task.error.message), stack: mask(task.error.stack) },
  }));

function failure(
  { name, message, code }: NonNullable<TestedTask["error"]>,
  mask: (text: string) => string,
): VaneError {
  if (code === "params.invalid") return new VaneError("params.invalid", mask(message));
  return new VaneError("input.invalid", mask(code === null ? `${name}: ${message}` : message));
}
