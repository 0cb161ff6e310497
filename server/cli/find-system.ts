import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { z } from "zod";
import { VaneError } from "../platform/errors";
import { RunFile } from "../supervisor/run-file";

/** What a running system says of itself in `.vane/run.json`: as much as a command needs. */
const Known = RunFile.pick({ url: true, databaseUrl: true, environment: true, retention: true });

export interface System extends z.infer<typeof Known> {
  readonly project: string;
  /** The `.vane` folder. */
  readonly home: string;
}

interface Whence {
  /** `--project`; left out: the nearest folder upward that has a `.vane`. */
  readonly project: string | undefined;
  readonly cwd: string;
  /** Where a project's data lies: its `.vane`, or what VANE_HOME says. */
  readonly homeOf: (project: string) => string;
}

export async function findSystem({ project, cwd, homeOf }: Whence): Promise<System> {
  const folder = project === undefined ? await nearestProject(cwd, homeOf) : resolve(cwd, project);
  if (folder === undefined) {
    throw notRunning(`Neither ${cwd} nor a folder above it has a .vane folder: no Vane was started here.`);
  }
  const home = homeOf(folder);
  const text = await readRunFile(join(home, "run.json"));
  if (text === undefined) throw notRunning(`Vane is not running in ${folder}.`);
  const run = Known.safeParse(parseJson(text));
  if (!run.success) {
    throw new VaneError(
      "system.not_running",
      `${join(home, "run.json")} cannot be read. Restart Vane, which writes it anew.`,
      { cause: run.error },
    );
  }
  return { project: folder, home, ...run.data };
}

const notRunning = (what: string) =>
  new VaneError(
    "system.not_running",
    `${what} Start it with \`npm start\` or \`npx vane standalone --project DIR\`, or name its folder with --project DIR.`,
  );

async function nearestProject(from: string, homeOf: Whence["homeOf"]): Promise<string | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = await stat(homeOf(folder)).catch(() => undefined);
    if (found?.isDirectory()) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

async function readRunFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "EACCES" || code === "EPERM") {
      throw new VaneError(
        "auth.forbidden",
        `You may not read ${path}. Only the user who started Vane may use its command line: become that user.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
