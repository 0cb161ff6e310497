import { symlink } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { discover } from "./discover";
import { testProject } from "./testing/project";

const filesOf = async (folder: string, ...dagFolders: string[]) => {
  const { files } = await discover(dagFolders.map((name) => ({ path: path.join(folder, name) })));
  return files.map((file) => path.relative(folder, file));
};

it("takes what may define DAGs, nested or not, and passes over the rest", async () => {
  const { folder } = await testProject({
    "dags/b.ts": "",
    "dags/a.mts": "",
    "dags/team/deep/c.js": "",
    "dags/types.d.ts": "",
    "dags/b.test.ts": "",
    "dags/.hidden.ts": "",
    "dags/notes.md": "",
    "dags/include/shared.ts": "",
    "dags/team/include/shared.ts": "",
    "dags/node_modules/p/index.js": "",
    "dags/.git/x.ts": "",
    "other/d.ts": "",
  });
  expect(await filesOf(folder, "dags")).toEqual(["dags/a.mts", "dags/b.ts", "dags/team/deep/c.js"]);
});

it("loads the demo only when it is named", async () => {
  const { folder } = await testProject({ "dags/a.ts": "", "dags/demo/d.ts": "", "dags/x/demo/e.ts": "" });
  expect(await filesOf(folder, "dags")).toEqual(["dags/a.ts", "dags/x/demo/e.ts"]);
  expect(await filesOf(folder, "dags", "dags/demo")).toEqual([
    "dags/a.ts",
    "dags/demo/d.ts",
    "dags/x/demo/e.ts",
  ]);
});

it("follows links without going round in circles, and gives each file once, under its lowest path", async () => {
  const project = await testProject({ "dags/b.ts": "", "shared/s.ts": "" });
  const at = (file: string) => project.at(file);
  await symlink(at("dags"), at("dags/loop"));
  await symlink(at("dags/self"), at("dags/self"));
  await symlink(at("dags/b.ts"), at("dags/a.ts"));
  await symlink(at("gone.ts"), at("dags/dangling.ts"));
  await symlink(at("shared"), at("dags/shared"));
  expect(await filesOf(project.folder, "dags")).toEqual(["dags/a.ts", "dags/shared/s.ts"]);
});

it("finds nothing in a folder that is not there", async () => {
  const { folder } = await testProject({});
  expect(await filesOf(folder, "dags")).toEqual([]);
});
