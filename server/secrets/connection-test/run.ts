import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { ConnectionFacts } from "../../domain/connection";
import type { Clock } from "../../platform/clock";
import { TestOutcome } from "./outcome";

interface TestOptions {
  /** dist/connection-test.cjs */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly budgetMs?: number;
}

const BUDGET_MS = 5_000;

/** Tries a connection in a process of its own, which is ended when its time is over. */
export async function testConnection(facts: ConnectionFacts, options: TestOptions): Promise<TestOutcome> {
  const { entry, env, clock, budgetMs = BUDGET_MS } = options;
  const child = spawn(process.execPath, [entry], { env, stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => undefined); // it is gone; what it said, or not, tells the rest
  const late = new AbortController();
  const callOff = clock.wakeAfter(budgetMs, () => {
    late.abort();
    child.kill("SIGKILL");
  });
  child.stdin.end(JSON.stringify(facts));
  const [said] = await Promise.all([text(child.stdout), once(child, "exit")]);
  callOff();
  if (late.signal.aborted)
    return { ok: false, sentence: `There was no answer within ${budgetMs / 1_000} s.` };
  const outcome = TestOutcome.safeParse(parseJson(said));
  return outcome.data ?? { ok: false, sentence: "The trial ended without a result." };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
