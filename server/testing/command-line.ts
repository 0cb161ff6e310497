import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { inject } from "vitest";
import { runCli } from "../cli/run-cli";
import type { Terminal } from "../cli/terminal";
import { withDatabase } from "../supervisor/embedded-postgres";

export interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  /** What a person types at the question; nobody is there unless given. */
  readonly answers?: readonly string[];
  /** What comes through a pipe. */
  readonly input?: string;
  /** Called at each line of `err`, with a way to press Ctrl-C. */
  readonly onErr?: (text: string, interrupt: () => void) => void;
}

/** A project with a running system, as far as the command line looks: a `.vane/run.json` that leads to this database. */
export async function aProject(db: Client) {
  const project = await mkdtemp(join(tmpdir(), "vane-cli-"));
  const home = join(project, ".vane");
  await mkdir(home, { mode: 0o700 });
  const databaseUrl = withDatabase(inject("adminUrl"), db.database ?? "");
  const runFile = join(home, "run.json");
  const environment = { connections: [], variables: [] };
  await writeFile(runFile, JSON.stringify({ url: "http://127.0.0.1:8080", databaseUrl, environment }));

  /** `vane ...` as one of its processes would do it, in this one. */
  async function vane(
    words: readonly string[],
    { answers = [], input = "", onErr }: Surroundings = {},
  ): Promise<Said> {
    let out = "";
    let err = "";
    let interrupt = () => {};
    const left = [...answers];
    const ask = (question: string) => {
      err += question;
      return Promise.resolve(left.shift() ?? "");
    };
    const terminal: Terminal = {
      out: (text) => void (out += text),
      err: (text) => {
        err += text;
        onErr?.(text, interrupt);
      },
      interactive: answers.length > 0,
      colours: false,
      ask,
      askSecret: ask,
      input: () => Promise.resolve(input),
      onInterrupt: (then) => {
        interrupt = then;
        return () => {
          interrupt = () => {};
        };
      },
    };
    const homeOf = (folder: string) => join(folder, ".vane");
    const exit = await runCli(words, { terminal, version: "0.0.0", cwd: project, homeOf });
    return { exit, out, err };
  }

  return { project, home, runFile, vane, remove: () => rm(project, { recursive: true, force: true }) };
}
