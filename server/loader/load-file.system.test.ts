import { execFileSync } from "node:child_process";
import { readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SerializedDag } from "../domain/serialized-dag";
import { systemClock } from "../platform/clock";
import { openBundler } from "./bundle";
import { ChildLimits, openChildPool } from "./child-pool";
import { loadFile, type LoadedFile } from "./load-file";
import { buildChild } from "./testing/build-child";
import { dagSource, testProject, type TestProject } from "./testing/project";

const clock = systemClock(() => 0);
const bundler = openBundler(clock);
const childEntry = await buildChild();
afterAll(() => bundler.close());

async function load(project: TestProject, file: string, limits: Partial<ChildLimits> = {}) {
  const parsed = ChildLimits.parse(limits);
  const env = { PATH: "/usr/bin:/bin", USER: "ada" };
  const children = openChildPool({ childEntry, projectFolder: project.folder, env, clock, limits: parsed });
  try {
    return await loadFile(
      { bundler, children, limits: parsed, childEntry, home: project.at(".vane") },
      project.at(file),
    );
  } finally {
    await children.close();
  }
}

async function loadSource(source: string, limits: Partial<ChildLimits> = {}) {
  const project = await testProject({ "dags/a.ts": source });
  const { result } = await load(project, "dags/a.ts", limits);
  return { result, project };
}

const dagsIn = (result: LoadedFile) => {
  if (result.kind === "failed") throw new Error(`${result.error.what}\n${result.error.stack ?? ""}`);
  return result.dags.map((dag) => ({ ...dag, data: SerializedDag.parse(JSON.parse(dag.structure)) }));
};
const errorIn = (result: LoadedFile) => {
  if (result.kind === "loaded") throw new Error("It was loaded.");
  return result.error;
};
/** What a DAG file has found out, told by the description of its DAG. */
const told = (result: LoadedFile): unknown =>
  JSON.parse(dagsIn(result)[0]?.data.settings.description ?? "null");
const telling = (expression: string, before = "") => `${before}
import { dag, task } from "vane";
const work = task("work", async () => 1);
export default dag({ id: "a", description: JSON.stringify(${expression}) }, () => { work(); });
`;

describe("a file that is well", () => {
  it("gives its DAGs as data, with the line of each", async () => {
    const { result, project } = await loadSource(dagSource("prices"));
    expect(dagsIn(result)).toMatchObject([
      { id: "prices", pausedOnCreation: false, data: { nodes: [{ id: "work", line: 4 }] } },
    ]);
    expect(dagsIn(result)[0]?.place).toMatchObject({ file: project.at("dags/a.ts"), line: 4 });
  });

  it("may have no DAG at all", async () => {
    const { result } = await loadSource("export const helper = 1;");
    expect(dagsIn(result)).toEqual([]);
  });

  it("is warned of a DAG that it makes and keeps to itself", async () => {
    const source = dagSource("a").replace("export default dag", "const kept = dag");
    const { result, project } = await loadSource(source);
    expect(result).toMatchObject({
      warnings: [{ code: "dag.not_exported", place: { file: project.at("dags/a.ts"), line: 4 } }],
    });
  });

  it("gives the same hash in another folder, and another when a module changes", async () => {
    const files = {
      "dags/a.ts": dagSource("a", 'import { n } from "./include/n"; console.log(n, __filename);'),
      "dags/include/n.ts": "export const n = 1;",
    };
    const [one, two] = [await testProject(files), await testProject(files)];
    const hashOf = async (project: TestProject) => {
      const { result } = await load(project, "dags/a.ts");
      return result.kind === "loaded" && result.bundle.hash;
    };
    const hash = await hashOf(one);
    expect(await hashOf(two)).toBe(hash);
    await two.write({ "dags/include/n.ts": "export const n = 2;" });
    expect(await hashOf(two)).not.toBe(hash);
  });

  it("holds no absolute path in its bundle", async () => {
    const { result, project } = await loadSource(dagSource("a", "console.log(import.meta.url);"));
    const { code, sourceMap } = result.kind === "loaded" ? result.bundle : { code: "", sourceMap: "" };
    expect(code + sourceMap).not.toContain(path.basename(project.folder));
  });

  it("knows where each of its sources stands", async () => {
    const project = await testProject({
      "dags/a.ts": telling(
        "[import.meta.url, import.meta.dirname, __filename, other]",
        'import { other } from "../lib/o";',
      ),
      "lib/o.ts": "export const other = __dirname;",
    });
    const { result, inputs } = await load(project, "dags/a.ts");
    const url = `file://${project.folder.replaceAll(" ", "%20")}/dags/a.ts`;
    expect(told(result)).toEqual([url, project.at("dags"), project.at("dags/a.ts"), project.at("lib")]);
    expect([...inputs.keys()].sort()).toEqual([project.at("dags/a.ts"), project.at("lib/o.ts")]);
  });

  it("loads a lazy import when it is called, not before", async () => {
    const project = await testProject({
      "dags/a.ts": dagSource("a", 'export const later = () => import("./include/heavy");'),
      "dags/include/heavy.ts": 'throw new Error("too early"); export const x = 1;',
    });
    expect(dagsIn((await load(project, "dags/a.ts")).result)).toHaveLength(1);
  });

  it("sees the environment that its loader was told, and none of the loader's own", async () => {
    const { result } = await loadSource(telling("Object.keys(process.env)"));
    // The shell in between adds its own.
    expect(told(result)).toEqual(expect.arrayContaining(["PATH", "USER", "VANE_RUNTIME"]));
    expect(
      (told(result) as string[]).filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name)),
    ).toHaveLength(3);
  });
});

describe("modules and packages", () => {
  it("honours the project's tsconfig paths", async () => {
    const project = await testProject({
      "tsconfig.json": JSON.stringify({ compilerOptions: { paths: { "@lib/*": ["./lib/*"] } } }),
      "dags/a.ts": telling("n", 'import { n } from "@lib/n";'),
      "lib/n.ts": "export const n = 7;",
    });
    expect(told((await load(project, "dags/a.ts")).result)).toBe(7);
  });

  it("leaves packages outside, be they CommonJS, ES modules or for import only", async () => {
    const project = await testProject({
      "dags/a.ts": telling(
        "[cjs.n, esm, only, deep]",
        'import cjs from "cjs"; import { n as esm } from "esm"; import { n as only } from "only"; import { n as deep } from "@s/only/deep/x";',
      ),
      "node_modules/cjs/index.js": "module.exports = { n: 1 };",
      "node_modules/esm/package.json": '{"type":"module","main":"./index.js"}',
      "node_modules/esm/index.js": "export const n = 2;",
      "node_modules/only/package.json": '{"type":"module","exports":{"import":"./x.js"}}',
      "node_modules/only/x.js": "export const n = 3;",
      "node_modules/@s/only/package.json":
        '{"type":"module","exports":{".":"./x.js","./deep/*":{"import":"./d/*.js"}}}',
      "node_modules/@s/only/d/x.js": "export const n = 4;",
    });
    const { result, inputs } = await load(project, "dags/a.ts");
    expect(told(result)).toEqual([1, 2, 3, 4]);
    expect([...inputs.keys()]).toEqual([project.at("dags/a.ts")]);
  });

  it("bundles a workspace package linked to its sources, with the packages that only it has", async () => {
    const project = await testProject({
      "dags/a.ts": telling("price()", 'import { price } from "@work/pricing";'),
      "packages/pricing/package.json": '{"name":"@work/pricing","exports":"./src/index.ts"}',
      "packages/pricing/src/index.ts": 'import { n } from "own"; export const price = () => n + 1;',
      "packages/pricing/node_modules/own/index.js": "exports.n = 41;",
      "node_modules/@work/.keep": "",
    });
    await symlink(project.at("packages/pricing"), project.at("node_modules/@work/pricing"));
    const { result, inputs } = await load(project, "dags/a.ts");
    expect(told(result)).toBe(42);
    expect([...inputs.keys()]).toContain(project.at("packages/pricing/src/index.ts"));
  });

  it("says of a package that waits while it is loaded which one it is, and where it is imported", async () => {
    const project = await testProject({
      "dags/a.ts": dagSource("a", 'import { n } from "waits";\nconsole.log(n);'),
      "node_modules/waits/package.json": '{"type":"module","main":"./index.js"}',
      "node_modules/waits/index.js": "await new Promise(() => {}); export const n = 1;",
    });
    const error = errorIn((await load(project, "dags/a.ts")).result);
    expect(error).toMatchObject({
      what: expect.stringMatching(/"waits".*top-level await.*Use a version that does not/),
      place: { file: project.at("dags/a.ts") },
    });
  });

  it("asks for a package of its own only when the code does", async () => {
    const source = dagSource("a", 'let x; try { x = require("not-installed"); } catch {}');
    expect(dagsIn((await loadSource(source)).result)).toHaveLength(1);
  });
});

describe("bad input", () => {
  it.each([
    ["a syntax error", "\nconst x = ;\n", { code: "import.syntax", place: { line: 2, col: 11 } }],
    ["one in the first line, moved or not", "const x = ; __dirname", { place: { line: 1, col: 11 } }],
    [
      "top-level await",
      "\nawait 1;",
      { code: "import.top_level_await", what: /Move it into a task/, place: { line: 2 } },
    ],
    ["a wait at import that never ends", "await new Promise(() => {});", { code: "import.top_level_await" }],
    ["a missing module", 'import "./nope";', { code: "import.not_found", what: /"\.\/nope" is not found/ }],
    ["a missing package", 'import "nope";', { code: "import.not_found", what: /Install it/ }],
    [
      "an error",
      '\n\nthrow new TypeError("no prices")',
      { code: "import.failed", what: /TypeError: no prices\./, place: { line: 3, col: 7 } },
    ],
    ["throw null", "throw null;", { code: "import.threw", what: /throws null .* not an Error/ }],
    ["throw text", 'throw "a\\ud800\\0b";', { code: "import.threw", what: /throws "a/ }],
    [
      "an error that cannot be looked at",
      "throw Object.create(Error.prototype, { stack: { get() { throw 1 } } });",
      { code: "import.threw" },
    ],
    [
      "process.exit(0)",
      "\nprocess.exit(0);",
      { code: "import.exited", what: /process\.exit\(\)/, place: { line: 2 } },
    ],
    [
      "process.exit(3) with the listeners gone",
      "process.removeAllListeners(); process.exit(3);",
      { code: "import.exited", what: /exit code 3/ },
    ],
    ["process.abort()", "process.abort();", { code: "import.killed", what: /SIGABRT/ }],
    ["a closed channel", 'require("node:fs").closeSync(3);', { code: "import.channel_closed" }],
    [
      "added properties of all objects",
      'Object.prototype.evil = 1; throw new Error("x")',
      { what: /added evil to every object/ },
    ],
    ["an unknown part of vane", 'import "vane/nope";', { code: "import.failed", what: /no "vane\/nope"/ }],
    [
      "an SDK error",
      'import { dag } from "vane";\n\nexport default dag({ id: "../x" }, () => {});',
      { code: "id.invalid", place: { line: 3 } },
    ],
  ])("explains %s", async (_name, source, wanted) => {
    const { what, ...rest } = wanted as { what?: RegExp };
    const error = errorIn((await loadSource(`${source}\nexport {};`)).result);
    expect(error).toMatchObject(rest);
    expect(error.what).toMatch(what ?? /./);
    expect(JSON.stringify(error)).not.toMatch(/\0|[^\\]\\ud800|loader-child/);
    if (error.place) expect(error.frame).toContain("> ");
  });

  it("ends an endless loop, and all that the file has started", async () => {
    const source = `
      import { spawn } from "node:child_process";
      import { writeFileSync } from "node:fs";
      const child = spawn("sleep", ["1000"], { stdio: "ignore" });
      writeFileSync(__dirname + "/pid", String(child.pid));
      for (;;);`;
    const { result, project } = await loadSource(source, { timeMs: 1_500 });
    expect(errorIn(result)).toMatchObject({ code: "import.timeout", what: expect.stringContaining("1.5 s") });
    expect(isAlive(await readFile(project.at("dags/pid"), "utf8"))).toBe(false);
  });

  it("ends what a well-behaved file has started, too", async () => {
    const source = telling(
      "child.pid",
      'import { spawn } from "node:child_process"; const child = spawn("sleep", ["1000"], { stdio: "inherit" });',
    );
    const { result } = await loadSource(source);
    expect(isAlive(String(told(result)))).toBe(false);
  });

  it("ends what left its session and does not listen to being asked", async () => {
    const source = telling(
      "child.pid",
      `import { spawn } from "node:child_process";
      const deaf = "trap '' HUP TERM; sleep 1000 & wait";
      const child = spawn("/bin/sh", ["-c", deaf], { stdio: "ignore", detached: true });`,
    );
    const { result } = await loadSource(source);
    expect(isAlive(String(told(result)))).toBe(false);
  });

  it("bounds memory", async () => {
    const source = "const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()));";
    const { result } = await loadSource(source, { heapMb: 64 });
    expect(errorIn(result)).toMatchObject({
      code: "import.out_of_memory",
      what: expect.stringContaining("64 MB"),
    });
  });

  it("bounds what comes back", async () => {
    const { result } = await loadSource(telling('"x".repeat(20_000)'), { answerBytes: 10_000 });
    expect(errorIn(result)).toMatchObject({ code: "import.output_too_big" });
  });

  it("bounds a file", async () => {
    const { result } = await loadSource(`// ${"x".repeat(50_000_000)}`);
    expect(errorIn(result)).toMatchObject({ code: "import.too_big", what: expect.stringContaining("51 MB") });
  });

  it("does not mind noise, timers, or changed built-ins", async () => {
    const noise = `
      console.log("x".repeat(1e6)); console.error("y".repeat(1e6)); process.stdout.write("{}\\n");
      setInterval(() => process.exit(1), 0); process.chdir("/"); Array.prototype.last = function () {};`;
    const damage = `
      globalThis.JSON = undefined; String.prototype.slice = () => "no"; Buffer.from = () => null;
      process.exit = () => {}; globalThis.Error = undefined; Object.prototype.evil = 1;`;
    const { result } = await loadSource(dagSource("noisy", noise) + damage);
    expect(dagsIn(result)).toMatchObject([{ id: "noisy" }]);
  });

  it("says so when what comes back cannot be read", async () => {
    const { result } = await loadSource('require("node:fs").writeSync(3, "{}\\n");');
    expect(errorIn(result)).toMatchObject({ code: "import.unreadable" });
  });
});

/** A zombie is as good as gone: nobody here reaps what a child has left behind. */
function isAlive(pid: string): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}
