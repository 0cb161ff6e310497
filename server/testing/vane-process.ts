import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Said } from "./command-line";
import type { Project } from "./start-vane";

/** `npx vane ...` as a process of its own, on the system of this project. */
export function vaneProcess({ folder }: Project) {
  return async (words: readonly string[], input = ""): Promise<Said> => {
    const child = spawn(process.execPath, ["dist/vane.cjs", ...words, "--project", folder], {
      env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
    });
    child.stdin.end(input);
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
    return { exit: child.exitCode ?? -1, out, err };
  };
}
