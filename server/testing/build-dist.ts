import { execFileSync } from "node:child_process";

/** Whole processes are tested as they are shipped: built, once before all files that start them. */
export function setup(): void {
  execFileSync(process.execPath, ["server/cli/build.mjs", "--if-changed"], { stdio: "inherit" });
}
