import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { afterAll, expect, it } from "vitest";
import type { Dag } from "vane";

/*
 * The guide's code is code: every TypeScript block is a whole file that names itself in its first line. Those for dags/
 * are checked by the compiler, loaded, and run in memory where they need nothing.
 */

const BLOCK = /```ts\n(?:\/\/ (\S+)\n)?([^]*?)```/g;
/** What jobs look like before they move: shown, not offered. */
const SHOWN_ONLY = "before/";

const pages = ["README.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
const blocks = pages.flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(BLOCK)].map(([, file = "", code = ""]) => ({ page, file, code })),
);
const files = blocks.filter(({ file }) => !file.startsWith(SHOWN_ONLY));

// In the repository, so that `vane` and packages are found as from dags/. One folder a page; modules are shared by all.
mkdirSync("coverage", { recursive: true });
const folder = mkdtempSync(resolve("coverage", "docs-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const places = files.flatMap(({ page, file, code }) => {
  const pagesOf = file.includes("/include/") ? pages : [page];
  return pagesOf.map((of) => {
    // A test in the guide is no test of ours.
    const path = join(folder, of.replaceAll(/\W/g, "-"), file.replace(".test.ts", ".example.ts"));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
    return path;
  });
});

it("names every file", () => {
  expect(blocks.filter(({ file }) => !/^(dags|before)\/[a-z/-]+(\.test)?\.ts$/.test(file))).toEqual([]);
});

it("compiles", { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile("tsconfig.json", (path) => readFileSync(path, "utf8")) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  const program = ts.createProgram(places, options);
  // Theirs alone: the rest is what `tsc -p .` is for.
  const said = places.flatMap((place) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(place))
      .map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
  );
  expect(said).toEqual([]);
});

/** DAGs that talk to nobody, with how their run ends. */
const RUN = [
  ["README.md", "dags/rates.ts", "success"],
  ["docs/concepts.md", "dags/double.ts", "success"],
  ["docs/quick-start.md", "dags/temperatures.ts", "success"],
  ["docs/writing-dags.md", "dags/order.ts", "success"],
  ["docs/writing-dags.md", "dags/export-prices.ts", "success"],
  ["docs/writing-dags.md", "dags/nightly.ts", "success"],
  ["docs/writing-dags.md", "dags/alerting.ts", "failed"],
] as const;

it.each(RUN)("runs: %s, %s", async (page, file, state) => {
  const loaded = (await import(join(folder, page.replaceAll(/\W/g, "-"), file))) as { default: Dag };
  expect((await loaded.default.test()).state).toBe(state);
});
