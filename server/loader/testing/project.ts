import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

export interface TestProject {
  readonly folder: string;
  /** Absolute path of a file of the project. */
  at(file: string): string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(file: string): Promise<void>;
}

/** A user's repository in a temporary folder, gone after the test. The folder's name has a space on purpose. */
export async function testProject(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "vane loader-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const at = (file: string) => path.join(folder, file);
  const project: TestProject = {
    folder,
    at,
    async write(more) {
      for (const [file, content] of Object.entries(more)) {
        await mkdir(path.dirname(at(file)), { recursive: true });
        await writeFile(at(file), content);
      }
    },
    remove: (file) => rm(at(file), { recursive: true }),
  };
  await project.write(files);
  return project;
}

/** A DAG file of one task, with more code before it. */
export const dagSource = (id: string, before = "") => `${before}
import { dag, task } from "vane";
const work = task("work", async () => 1);
export default dag({ id: "${id}" }, () => { work(); });
`;
