/*
 * What the SDK's types cost: `node bench/types.mjs`. Checks a DAG file of 500 tasks against the built declarations, and
 * the same file with `any` in their place; prints both check times and the instantiations, medians of 5.
 * Wanted: the first at most 1.0 s above the second (2 cores, nothing else running).
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeDeclarations } from "../server/sdk/declarations.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const FOLDER = join(ROOT, "bench", ".types");
const TASKS = 500;
const KINDS = 25;
const RUNS = 5;

const UNTYPED = `declare const dag: any, task: any, text: any, z: any;`;
const TYPED = `import { dag, task, text } from "vane";\nimport { z } from "zod";`;

function source(head) {
  const types = Array.from(
    { length: KINDS },
    (_, i) =>
      `interface R${i} { id: string; n: number; tags: string[]; inner: { a: number; b?: string | null }; kids: Kid[]; f${i}: string }`,
  );
  const tasks = Array.from({ length: TASKS }, (_, i) => {
    const [from, to] = [`R${i % KINDS}`, `R${(i + 1) % KINDS}`];
    const options = i % 3 === 0 ? `{ id: "t${i}", retries: 3, retryDelay: "30s" }` : `"t${i}"`;
    if (i === 0) return `const t0 = task("t0", async (w: string): Promise<${to}> => fake(w));`;
    const more = { 4: ", o: O", 2: ", n: number" }[i % 5] ?? "";
    return `const t${i} = task(${options}, async (r: ${from}${more}): Promise<${to}> => fake(r));`;
  });
  const calls = Array.from({ length: TASKS }, (_, i) => {
    const last = `h${i - 1}`;
    if (i === 0) return `  const h0 = t0(params.w);`;
    const whole = `, { name: text\`x\${${last}.at("id")}\`, a: ${last}.at("n"), kids: ${last}.at("kids") }`;
    const more = { 4: whole, 2: `, ${last}.at("inner").at("a")` }[i % 5] ?? "";
    return `  const h${i} = t${i}(${last}${more});`;
  });
  return [
    head,
    `declare function fake(...a: unknown[]): Promise<never>;`,
    `interface Kid { x: number; y: string }\ninterface O { name: string; a: number; kids: Kid[] }`,
    ...types,
    ...tasks,
    `export const big = dag({ id: "big", params: z.object({ w: z.string() }) }, ({ params }${head === UNTYPED ? ": any" : ""}) => {`,
    ...calls,
    `});\n`,
  ].join("\n");
}

function check(name, head) {
  writeFileSync(join(FOLDER, `${name}.ts`), source(head));
  const compilerOptions = {
    ...{ strict: true, module: "nodenext", target: "es2023", lib: ["es2023"], types: ["node"] },
    ...{ noEmit: true, skipLibCheck: true, paths: { vane: ["./types/sdk/vane.d.cts"] } },
  };
  const config = join(FOLDER, `${name}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const runs = Array.from({ length: RUNS }, () =>
    execFileSync(process.execPath, [tsc, "-p", config, "--extendedDiagnostics"], { encoding: "utf8" }),
  );
  const median = (what) =>
    runs.map((out) => Number(new RegExp(`${what}: +([\\d.]+)`).exec(out)[1])).sort((a, b) => a - b)[2];
  return { check_s: median("Check time"), instantiations: median("Instantiations") };
}

mkdirSync(FOLDER, { recursive: true });
writeDeclarations(join(FOLDER, "types"));
console.table({ "with the SDK": check("typed", TYPED), "with any": check("untyped", UNTYPED) });
rmSync(FOLDER, { recursive: true });
