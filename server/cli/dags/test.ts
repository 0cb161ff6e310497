import { realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { readConfig } from "../../config/config";
import { query } from "../../db/sql/statement";
import type { Statement } from "../../db/sql/statement";
import { VaneError } from "../../platform/errors";
import type { TestedTask } from "../../runtime/dag-test-protocol";
import { resolveConnection, resolveVariable } from "../../secrets/resolve";
import { as, collect, Instant } from "../arguments";
import type { Cli, ExitCode, Running } from "../cli";
import { secretOptions } from "../connections/keys";
import { safeLine } from "../format/safe-text";
import { table } from "../format/table";
import { dagOf } from "../look-up";
import { parseParams } from "../params-option";
import { runErrorLine } from "../../domain/error-line";
import { runDagTest } from "./test-process";

interface Options {
  readonly params?: readonly string[];
  /** The same, as Airflow calls it. */
  readonly conf?: readonly string[];
  readonly logicalDate?: Date;
}

const HELP = `
The DAG's file is read as it is now, and its tasks run one after another in one process of this terminal, by the
scheduler's rules. Nothing is stored: no run, no history, no XCom. Callbacks are not called, alerts not sent, time-outs not
enforced; retries come at once, without their delay. Connections and variables are those of this shell (VANE_CONN_*,
VANE_VAR_*), then those of the running Vane. What tasks do elsewhere, they really do.`;

export function addDagsTest(dags: Command, cli: Cli): void {
  dags
    .command("test")
    .description("Run a DAG once, in memory, in this terminal; exit code 1 if it fails")
    .argument("<dag_id>")
    .option("-p, --params <json|key=value>", "params of the run; may stand several times", collect)
    .option("-c, --conf <json|key=value>", "the same", collect)
    .option("--logical-date <date>", "what the run is for", as(Instant))
    .addHelpText("after", HELP)
    .action((dagId: string, options: Options) => cli.withSystem((running) => test(running, dagId, options)));
}

async function test(
  running: Running,
  typed: string,
  { params = [], conf = [], logicalDate }: Options,
): Promise<ExitCode> {
  const { db, print, system, clock, terminal } = running;
  const dag = await dagOf(db, typed);
  const project = realpathSync(system.project);
  const file = resolve(project, dag.file);
  const { openBundler } = await import("../../loader/bundle"); // esbuild: for this command alone
  const bundler = openBundler(clock);
  const bundled = await bundler.bundle(file).finally(() => bundler.close());
  if (bundled.kind === "failed") {
    const { place, what, frame } = bundled.error;
    const sentence = `${place ? `${place.file}:${place.line}` : file}: ${what}`;
    throw new VaneError("input.invalid", frame === undefined ? sentence : `${sentence}\n${frame}`);
  }
  const { code, sourceMap, hash } = bundled.bundle;
  const config = readConfig({ project: system.project });
  const sources = {
    ...{ keys: secretOptions(running).keys, environment: config.secretEnvironment },
    ask: <Row>(statement: Statement<Row>) => query(db, statement),
  };
  const tested = await runDagTest(
    {
      ...{ type: "run", code, sourceMap, file, bundlePath: join(system.home, "bundles", `${hash}.cjs`) },
      ...{ dagId: dag.dagId, params: parseParams([...conf, ...params], dag.structure.params) },
      logicalDate: logicalDate?.toISOString() ?? null,
    },
    {
      ...{ cwd: project, env: config.childEnvironment },
      connection: (id) => resolveConnection(sources, id),
      variable: (key) => resolveVariable(sources, key),
      onLine: (line) => {
        print.note(`${clock.now().toISOString().slice(11, 19)}  ${safeLine(line)}`);
      },
      onInterrupt: (then) => terminal.onInterrupt(then),
    },
  );
  if (tested.kind === "interrupted") {
    print.note("Ended. Nothing of it is stored.");
    return 130;
  }
  print.either(
    () => ({ dag_id: dag.dagId, state: tested.state, tasks: tested.tasks.map(testedJson) }),
    () => `${table(tested.tasks, columns(print.state))}\n${dag.dagId} ${tested.state}.\n`,
  );
  return tested.state === "success" ? 0 : 1;
}

const testedJson = ({ taskId, state, attempts, result, error }: TestedTask) => ({
  ...{ task_id: taskId, map_index: -1, try_number: attempts, state, result: result ?? null, error },
});

/** More of a result than this tells nobody more in a table. */
const MAX_RESULT = 60;

const columns = (paint: (cell: string) => string) => [
  { heading: "task_id", of: ({ taskId }: TestedTask) => taskId },
  { heading: "state", of: ({ state }: TestedTask) => state, paint },
  { heading: "try", of: ({ attempts }: TestedTask) => attempts },
  {
    heading: "result",
    of: ({ result, error }: TestedTask) =>
      error ? runErrorLine(error) : result === undefined ? "-" : short(JSON.stringify(result)),
  },
];

const short = (text: string) => (text.length > MAX_RESULT ? `${text.slice(0, MAX_RESULT)}…` : text);
