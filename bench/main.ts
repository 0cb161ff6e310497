import { parseArgs } from "node:util";
import { besideHangingChannel } from "./hanging-channel";
import { idle } from "./idle";
import { median } from "./statistics";
import { fsyncMs, startSystem, until } from "./system";
import { withSecondScheduler } from "./two-schedulers";
import { w1 } from "./w1";
import { w11 } from "./w11";
import { w4 } from "./w4";
import type { Workload } from "./workload";

/*
 * npm run bench -- w1 | w4 | w11 | idle   [--runs 5] [--tasks 200000] [--two-schedulers] [--hanging-channel] [--json]
 *
 * Starts the product on a folder of its own, warms it up with one measurement, takes the others, checks the rows.
 * --hanging-channel: takes each value twice in one run, while alerts are answered and while they hang.
 * --two-schedulers: takes each value twice in one run, with one scheduler and with a second one beside it.
 */
const WORKLOADS: readonly Workload[] = [w1, w4, w11, idle];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "5" },
    tasks: { type: "string", default: "200000" },
    "two-schedulers": { type: "boolean", default: false },
    "hanging-channel": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const workload = WORKLOADS.find(({ name }) => name === positionals[0]);
if (!workload) {
  console.error(`Which workload? One of: ${WORKLOADS.map(({ name }) => name).join(", ")}.`);
  process.exitCode = 2;
} else {
  const runs = Number(values.runs);
  const options = { tasks: Number(values.tasks) };
  if (values["hanging-channel"]) print(await besideHangingChannel(workload, runs, options));
  else if (values["two-schedulers"]) print(await withSecondScheduler(workload, runs, options));
  else print(await run(workload));
}

async function run(of: Workload) {
  const system = await startSystem(of.files);
  const { db } = system;
  try {
    if (Object.keys(of.files).length > 0) {
      await until(db, "select from dag where current_version is not null union all select from import_error");
      const { rows } = await db.query<{ sentence: string }>("select sentence from import_error");
      if (rows[0]) throw new Error(rows[0].sentence);
    }
    const fsync = fsyncMs(system.folder);
    const options = { tasks: Number(values.tasks) };
    await of.measure(system, { tasks: Math.min(options.tasks, 20_000) });
    const measured: number[] = [];
    for (let i = 0; i < Number(values.runs); i += 1) measured.push(await of.measure(system, options));
    const facts = await of.check(system);
    const { rows } = await db.query<{ version: string; fsync: string; commit: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync,
              current_setting('synchronous_commit') as commit`,
    );
    return {
      ...{ workload: of.name, title: of.title, unit: of.unit, target: of.target },
      ...{ median: median(measured), values: measured, fsync_ms: fsync, ...facts },
      versions: { node: process.version, postgres: rows[0]?.version },
      settings: { fsync: rows[0]?.fsync, synchronous_commit: rows[0]?.commit },
    };
  } finally {
    await system.stop();
  }
}

interface Result {
  readonly workload: string;
  readonly title: string;
  readonly unit: string;
  readonly target: string;
  readonly median: number;
  readonly values: readonly number[];
}

function print(result: Result) {
  if (values.json) {
    console.log(JSON.stringify(result));
    return;
  }
  const { workload: name, title, unit, target, median: middle, values: all, ...rest } = result;
  console.log(`${name}: ${title}`);
  console.log(
    `${middle.toFixed(1)} ${unit} (${all.map((value) => value.toFixed(1)).join(", ")}); target ${target}`,
  );
  console.log(JSON.stringify(rest, null, 2));
}
