import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { freePort } from "../../supervisor/free-port";
import { newProject, startVane } from "../../testing/start-vane";
import { vaneProcess } from "../../testing/vane-process";

const SOURCE = `
import { context, dag, task } from "vane";
import { z } from "zod";
let tries = 0;
const greet = task({ id: "greet", retries: 1, retryDelay: "1h" }, async (name: string) => {
  tries += 1;
  if (tries === 1) throw new Error("not yet");
  const { connection, log, dataInterval } = context();
  log.info("asked with " + (await connection("main")).secret());
  console.log("until", dataInterval.end.toISOString());
  return { greeting: "Hello, " + name };
});
const shout = task("shout", async ({ greeting }: { greeting: string }) => greeting.toUpperCase());
const params = z.object({ name: z.string().default("Ada").refine((name) => name !== "Eve", "not her") });
export const fine = dag({ id: "fine", schedule: "@daily", params }, ({ params }) => { shout(greet(params.name)); });
const fails = task("fails", async () => { throw new TypeError("of no use"); });
const after = task("after", async () => { process.exit(0); });
export const broken = dag({ id: "broken" }, () => { after().after(fails()); });
export const leaves = dag({ id: "leaves" }, () => { after(); });
`;

const Tested = z.object({
  state: z.string(),
  tasks: z.array(z.looseObject({ task_id: z.string(), state: z.string() })),
});

it("runs a DAG in memory in a process of its own, and stores nothing of it", async () => {
  const project = newProject();
  mkdirSync(join(project.folder, "node_modules"));
  symlinkSync(resolve("node_modules/zod"), join(project.folder, "node_modules", "zod"));
  writeFileSync(join(project.folder, "dags", "tested.ts"), SOURCE);
  const system = startVane({ project, args: ["--port", String(await freePort())] });
  await system.ready;
  await expect.poll(system.said, { timeout: 30_000 }).toContain("DAG fine is at version 1");
  const vane = vaneProcess(project);
  await vane(["connections", "add", "main"], "postgres://ada:c4n4ry@localhost/app");

  const words = ["dags", "test", "fine", "--conf", '{"name": "Olga"}', "--logical-date", "2026-11-20"];
  const fine = await vane([...words, "--output", "json"]);
  expect(fine, fine.err).toMatchObject({ exit: 0 });
  expect(Tested.parse(JSON.parse(fine.out))).toMatchObject({
    state: "success",
    tasks: [
      { task_id: "greet", try_number: 2, state: "success", result: { greeting: "Hello, Olga" } },
      { task_id: "shout", try_number: 1, state: "success", result: "HELLO, OLGA" },
    ],
  });
  expect(fine.err).toContain("greet up_for_retry: Error: not yet");
  expect(fine.err).toContain("until 2026-11-20T00:00:00.000Z");
  expect(fine.err).toContain("greet: asked with ***");
  expect(fine.err + fine.out).not.toContain("c4n4ry");

  const refused = await vane(["dags", "test", "fine", "--params", "name=Eve"]);
  expect(refused).toMatchObject({ exit: 2, err: expect.stringContaining("params.name: not her") });
  const broken = await vane(["dags", "test", "broken"]);
  expect(broken.exit).toBe(1);
  expect(broken.out).toMatch(/^fails +failed +1 +TypeError: of no use$/m);
  expect(broken.out).toMatch(/^after +upstream_failed +0/m);
  const left = await vane(["dags", "test", "leaves"]);
  expect(left).toMatchObject({ exit: 2, err: expect.stringContaining("before the DAG did") });
  // The file as it is now, also before anybody has loaded it.
  writeFileSync(join(project.folder, "dags", "tested.ts"), "export default 1 +;");
  const wrong = await vane(["dags", "test", "fine"]);
  expect(wrong).toMatchObject({ exit: 2, err: expect.stringContaining("tested.ts:1: ") });
  expect(await vane(["dags", "test", "fin"])).toMatchObject({
    err: expect.stringContaining("Did you mean fine?"),
  });
  expect((await vane(["runs", "list", "broken", "--output", "json"])).out.trim()).toBe("[]");
}, 180_000);
