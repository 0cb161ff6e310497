import { execFileSync } from "node:child_process";

/** The product is tested as it is shipped: built, once before all workers that start it. */
export default function build(): void {
  execFileSync(process.execPath, ["server/cli/build.mjs", "--if-changed"], { stdio: "inherit" });
}
