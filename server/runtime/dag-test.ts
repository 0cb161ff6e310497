import type { ConnectionFacts } from "../executor/protocol";
import { VaneError } from "../platform/errors";
import { dagsOf } from "../sdk/registry";
import { testDag } from "../sdk/test-dag";
import type { TestRun } from "../sdk/test-run";
import type { World } from "../sdk/test-world";
import { ToDagTest, type FromDagTest, type TestedTask } from "./dag-test-protocol";
import { errorFacts } from "./error-facts";
import { loadBundle } from "./load-bundle";
import { sdk } from "./sdk";

/*
 * dist/dag-test.cjs: the process of `vane dags test`. It loads one bundle, runs one of its DAGs in memory as `.test()` does,
 * says what happens, and ends with everything that user code has left behind.
 */
type Wanted = Extract<ToDagTest, { type: "run" }>;
type Answer = Exclude<ToDagTest, { type: "run" }>;

const tell = process.send?.bind(process);
if (!tell) throw new Error("This process is started by `vane dags test`, with a channel to it.");
const exit = process.exit.bind(process);
const waiting = new Map<number, (answer: Answer) => void>();
const say = (message: FromDagTest) => void tell(message);

process.on("message", (message) => {
  const read = ToDagTest.parse(message);
  if (read.type === "run") void perform(read);
  else waiting.get(read.query)?.(read);
});
process.on("disconnect", () => exit(1));
delete process.send;

async function perform(wanted: Wanted): Promise<void> {
  const last = await outcomeOf(wanted).catch((thrown: unknown): FromDagTest => ({
    type: "failed",
    error: errorFacts(thrown),
  }));
  tell?.(last, () => exit(0));
}

async function outcomeOf({ dagId, params, logicalDate, ...bundle }: Wanted): Promise<FromDagTest> {
  const dag = dagsOf(loadBundle({ ...bundle, sdk })).dags.find(({ inside }) => inside.id === dagId)?.inside;
  if (!dag) throw new VaneError("dag.not_found", `${bundle.file} does not export a DAG ${dagId} any more.`);
  const run = await testDag(dag, { params }, worldOf(logicalDate));
  return {
    type: "ended",
    state: run.state,
    tasks: dag.serialized.nodes.map(({ id }) => testedTask(run, id)),
  };
}

function testedTask(run: TestRun, taskId: string): TestedTask {
  const { state, attempts, result, error } = run.task(taskId);
  const facts = error && state !== "success" ? errorFacts(error) : null;
  return {
    taskId,
    state,
    attempts,
    error: facts,
    ...(result === undefined ? {} : { result: result as TestedTask["result"] }),
  };
}

function worldOf(logicalDate: string | null): World {
  return {
    logicalDate: logicalDate === null ? undefined : new Date(logicalDate),
    async connection(id): Promise<ConnectionFacts> {
      const answer = await ask("connection", id);
      if (answer.type === "connection") return answer.facts;
      throw refused(answer);
    },
    async variable(key) {
      const answer = await ask("variable", key);
      if (answer.type === "variable") return answer.value;
      throw refused(answer);
    },
    onLog(taskId, line) {
      say({ type: "line", text: `${taskId}: ${line}` });
    },
    onMove(taskId, state, attempt, error) {
      const again = attempt > 1 ? ` (try ${attempt})` : "";
      const why = error ? `: ${error.name}: ${error.message.split("\n")[0] ?? ""}` : "";
      say({ type: "line", text: `${taskId} ${state}${again}${why}` });
    },
  };
}

const refused = (answer: Answer) =>
  new VaneError("connection.refused", answer.type === "refused" ? answer.why : "That was no answer.");

let queries = 0;
function ask(what: "connection" | "variable", id: string): Promise<Answer> {
  const query = (queries += 1);
  return new Promise((resolve) => {
    waiting.set(query, resolve);
    say({ type: "ask", query, what, id });
  });
}
