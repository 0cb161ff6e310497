import { readFileSync } from "node:fs";
import type { Reporter } from "vitest/reporters";
import { startVitest, type TestModule } from "vitest/node";
import { shareTestPostgres } from "../test-postgres";
import { makeMutants, mutate, type Mutant } from "./mutants";

/*
 * `npm run test:access`: takes each permission check away, one at a time, and wants the access tests red. They run once
 * as they are, and once for each mutant, as a project of vitest's own with that one file changed on its way in.
 */

const SOUND = "sound";
const mutants = new Map(makeMutants().map((mutant, at) => [`mutant_${at + 1}`, mutant]));
for (const mutant of mutants.values()) mutate(readFileSync(mutant.file, "utf8"), mutant);

const changed = (mutant: Mutant) => ({
  name: mutant.what,
  enforce: "pre" as const,
  transform: (code: string, id: string) =>
    id.endsWith(`/${mutant.file}`) ? mutate(code, mutant) : undefined,
});
const project = (name: string, mutant?: Mutant) => ({
  plugins: mutant ? [changed(mutant)] : [],
  resolve: { conditions: ["vane-source", "node"] },
  ssr: { resolve: { conditions: ["vane-source", "node"] } },
  test: {
    name,
    include: ["server/testing/access/*.db.test.ts"],
    globalSetup: ["server/testing/template-db.ts"],
    provide: { adminUrl: "" },
    hookTimeout: 60_000,
  },
});

/** Of one project: how many of its tests were run, and how many of these failed. */
function countTests(module: TestModule) {
  const results = [...module.children.allTests()].map((test) => test.result().state);
  return {
    run: results.filter((state) => state === "passed" || state === "failed").length,
    failed: results.filter((state) => state === "failed").length,
  };
}

const counts = new Map<string, ReturnType<typeof countTests>>();
const countWhenDone: Reporter = {
  onTestModuleEnd(module) {
    counts.set(module.project.name, countTests(module));
    process.stderr.write(`${counts.size} of ${mutants.size + 1} runs\n`);
  },
};

// Held until the end, so that there is one for all.
const postgres = await shareTestPostgres();
const vitest = await startVitest("test", [], {
  ...{ config: false, watch: false, reporters: [countWhenDone], maxWorkers: 2 },
  projects: [project(SOUND), ...[...mutants].map(([name, mutant]) => project(name, mutant))],
});

const sound = counts.get(SOUND);
if (!sound || sound.run === 0 || sound.failed > 0) {
  throw new Error(
    "The access tests are red by themselves: see npx vitest run --project db server/testing/access",
  );
}
// A file that could not be loaded is red as well, but not because anything was noticed.
const isCaught = (name: string) => {
  const count = counts.get(name);
  return count?.run === sound.run && count.failed > 0;
};
const lines = [...mutants].map(([name, { what }]) => {
  const { failed = 0, run = 0 } = counts.get(name) ?? {};
  return `${isCaught(name) ? "caught" : "MISSED"}  ${what} (${failed} of ${run} tests red)`;
});
const caught = [...mutants.keys()].filter(isCaught).length;
process.stdout.write(`${lines.join("\n")}\n\n${mutants.size} mutants, ${caught} caught\n`);

await vitest.close();
await postgres.stop();
// vitest's own word would be that tests have failed, which is what is wanted here.
process.exitCode = caught === mutants.size ? 0 : 1;
