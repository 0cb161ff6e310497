import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { freePort } from "../supervisor/free-port";
import { signalProcess } from "../supervisor/process-table";
import { newProject, startVane, type StartedVane } from "../testing/start-vane";
import { vaneProcess } from "../testing/vane-process";

/** What happens stands in a file, one word a line. */
const SOURCE = (file: string) => `
import { appendFileSync } from "node:fs";
import { dag, task } from "vane";
import { z } from "zod";
const say = (word: string) => { appendFileSync(${JSON.stringify(file)}, word + "\\n"); };
const work = task("work", async (name: string) => { say("work " + name); });
const after = task("after", async () => { say("after"); });
const onFailure = ({ error }: { error?: { message: string } }) => { say("told " + (error?.message ?? "")); };

const name = z.string().default("ada").refine((given) => given === "ada" || given === "olga", "must be one of us");
export const refined = dag({ id: "refined", params: z.object({ name }), onFailure }, ({ params }) => {
  after().after(work(params.name));
});

const slow = z.string().default("grace").refine(async (given) => {
  say("check " + given);
  await new Promise((done) => setTimeout(done, 2_000));
  return true;
});
export const slowly = dag({ id: "slowly", params: z.object({ name: slow }) }, ({ params }) => { work(params.name); });

const dying = z.string().default("x").refine(() => process.exit(3));
export const dies = dag({ id: "dies", params: z.object({ name: dying }), onFailure }, ({ params }) => { work(params.name); });

const no = z.string().default("nobody").refine((given) => given !== "nobody", "has a default that does not fit");
export const once = dag({ id: "once", schedule: "@once", params: z.object({ name: no }), onFailure }, ({ params }) => { work(params.name); });

export const bare = dag({ id: "bare", schedule: "@once", params: z.object({ wallet: z.string() }) }, ({ params }) => { work(params.wallet); });
`;

function kill(vane: StartedVane, name: string) {
  const [found] = vane.commands().find(([, command]) => command.includes(`/${name}.cjs`)) ?? [];
  if (!found) throw new Error(`There is no ${name}.`);
  signalProcess(found, "SIGKILL");
}

const Run = z.object({
  state: z.string(),
  reason: z.string().nullable(),
  error: z.object({ message: z.string() }).nullable(),
});

it("asks a DAG's own checks before a run's first task, and fails the run with what they say", async () => {
  const project = newProject();
  const file = join(project.folder, "said");
  mkdirSync(join(project.folder, "node_modules"));
  symlinkSync(resolve("node_modules/zod"), join(project.folder, "node_modules", "zod"));
  writeFileSync(join(project.folder, "dags", "params.ts"), SOURCE(file));
  const system = startVane({ project, args: ["--port", String(await freePort())] });
  await system.ready;
  await expect.poll(system.said, { timeout: 10_000 }).toContain("DAG slowly is at version 1");
  const vane = vaneProcess(project);
  const said = () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);
  const patience = { timeout: 60_000 };
  async function run(dagId: string) {
    const { out } = await vane(["runs", "show", dagId, "latest", "--output", "json"]);
    return Run.parse(JSON.parse(out));
  }

  const sentence =
    "refined does not take these params. name: must be one of us. Trigger it with others, or mend their defaults or checks.";
  const refused = await vane(["dags", "trigger", "refined", "-p", "name=eve", "--wait"]);
  expect(refused.exit).toBe(1);
  expect(refused.out).toContain(sentence);
  const shown = await vane(["runs", "show", "refined", "latest"]);
  expect(shown.out).toContain(sentence);
  const explained = await vane(["tasks", "explain", "refined", "latest", "after"]);
  expect(explained.out).toContain(`It has ended: skipped. ${sentence} Clear it to run it again.`);
  await expect.poll(said, patience).toContain(`told ${sentence}`);

  // Scheduled runs take the defaults, and these are checked as well.
  await expect.poll(() => run("once"), patience).toMatchObject({ state: "failed", reason: "params_invalid" });
  expect((await run("once")).error?.message).toContain("name: has a default that does not fit");
  expect((await run("bare")).error?.message).toContain("wallet: Required, and has no default.");

  expect(await vane(["dags", "trigger", "refined", "--wait"])).toMatchObject({ exit: 0 });
  expect(said().filter((word) => !word.startsWith("told"))).toEqual(["work ada", "after"]);
  // Checked once: a clear of what has been running goes on with what was found then.
  expect(await vane(["tasks", "clear", "refined", "latest", "--yes"])).toMatchObject({ exit: 0 });
  await expect.poll(() => run("refined"), patience).toMatchObject({ state: "success", error: null });

  const died = await vane(["dags", "trigger", "dies", "--wait"]);
  expect(died).toMatchObject({ exit: 1, out: expect.stringContaining("did not come to its end") });

  // Whoever is lost meanwhile: the run's rows say that it waits for its check.
  await vane(["dags", "trigger", "slowly", "-p", "name=1"]);
  await expect.poll(said, patience).toContain("check 1");
  const waiting = await vane(["tasks", "explain", "slowly", "latest", "work"]);
  expect(waiting.out).toContain("The DAG's own checks of the params run first");
  kill(system, "scheduler");
  await expect.poll(said, patience).toContain("work 1");
  await vane(["dags", "trigger", "slowly", "-p", "name=2"]);
  await expect.poll(said, patience).toContain("check 2");
  kill(system, "worker");
  await expect.poll(said, patience).toContain("work 2");
  await expect.poll(() => run("slowly"), patience).toMatchObject({ state: "success", reason: "returned" });
  expect(said().filter((word) => word === "work 1" || word === "work 2")).toHaveLength(2);
}, 180_000);
