import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const TSC = "node_modules/typescript/bin/tsc";

it("gives those who install the package types that hold under nodenext, wrong edges included", async () => {
  await run(process.execPath, ["server/sdk/declarations.mjs"]);
  // Rejects with what the compiler says, on stdout.
  const checked = await run(process.execPath, [TSC, "-p", "server/sdk/nodenext"]).catch(
    (error: unknown) => error,
  );
  expect(checked).toMatchObject({ stdout: "" });
}, 180_000);
