import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { findSystem } from "./find-system";

const root = await mkdtemp(join(tmpdir(), "vane-find-"));
afterAll(() => rm(root, { recursive: true, force: true }));
const homeOf = (project: string) => join(project, ".vane");
const RUN = {
  url: "http://127.0.0.1:8080",
  databaseUrl: "postgres://127.0.0.1/vane",
  runFolder: "/tmp/vane",
  environment: { connections: [], variables: [] },
};

const app = join(root, "app");
const deep = join(app, "dags", "include");
const stopped = join(root, "stopped");
const broken = join(root, "broken");
await mkdir(deep, { recursive: true });
for (const project of [app, stopped, broken]) await mkdir(homeOf(project), { recursive: true });
await writeFile(join(homeOf(app), "run.json"), JSON.stringify(RUN));
await writeFile(join(homeOf(broken), "run.json"), '{"url": "http');

const find = (cwd: string, project?: string) => findSystem({ cwd, project, homeOf });

it("finds the nearest folder upward with a running system", async () => {
  const { url, databaseUrl, environment } = RUN;
  expect(await find(deep)).toMatchObject({ project: app, home: homeOf(app), url, databaseUrl, environment });
});

it("takes a named project, from wherever it is called", async () => {
  expect(await find(root, "app")).toMatchObject({ project: app });
});

it("follows the project's data to where it is kept", async () => {
  const elsewhere = { cwd: root, project: undefined, homeOf: () => homeOf(app) };
  expect(await findSystem(elsewhere)).toMatchObject({ home: homeOf(app), url: RUN.url });
});

it.each([
  [root, undefined, "no Vane was started here"],
  [root, "stopped", `Vane is not running in ${stopped}.`],
  [root, "nowhere", "Vane is not running in"],
  [root, "broken", "cannot be read. Restart Vane"],
])("says in one sentence that nothing runs: from %s, project %s", async (cwd, project, sentence) => {
  await expect(find(cwd, project)).rejects.toMatchObject({
    code: "system.not_running",
    sentence: expect.stringContaining(sentence),
  });
});
