import type { Import, SourceFacts } from "./source-facts";
import { findCycles } from "./cycles";
import { resolveImport } from "./resolve-import";

/*
 * The rules of the house that can be seen in the text of its files (DESIGN section 4, STYLE). Each is a pure function:
 * facts in, one line a violation out. `architecture.test.ts` holds them, and shows each one what it must catch.
 */

export type Rule = (files: readonly SourceFacts[]) => string[];

const isTest = (path: string) => /\.(test|spec)\.tsx?$/.test(path);
const isTesting = (path: string) => isTest(path) || /^(server\/testing|e2e)\//.test(path);
const isBootstrap = (path: string) => path.endsWith(".mjs");

/** `server/db/sql/fence.ts` -> "db"; what lies directly in server/ or elsewhere at the top: its first folder. */
function roomOf(path: string): string {
  const [top = "", folder, ...rest] = path.split("/");
  return top === "server" && folder && rest.length > 0 ? folder : top;
}

const ENGINE = ["scheduler", "worker", "executor", "loader", "runtime"];

/** What a room may import of ours. A room that does not stand here may import any but the ones forbidden below. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  domain: ["domain"],
  platform: ["platform"],
  sdk: ["sdk", "domain", "platform"],
  operators: ["operators", "sdk", "domain"],
  // `prisma`: the generated client, behind its one door.
  db: ["db", "domain", "platform", "prisma"],
  components: ["components", "domain"],
  dags: ["dags"],
};
/** Where a type may come from as well: it is erased, so that no code of that room is loaded (ADR 0001). */
const TYPES_ALSO: Readonly<Record<string, readonly string[]>> = {
  sdk: ["executor"],
  db: ["executor"],
  components: ["api"],
};
const NEVER: Readonly<Record<string, readonly string[]>> = {
  runtime: ["db"],
  worker: ["db"],
  api: ENGINE,
  rest: ENGINE,
};
const SCREEN = ["app", "components"];

export const importDirections: Rule = (files) =>
  each(
    files,
    ({ path }) => !isTesting(path),
    ({ path, imports }) =>
      imports.flatMap((imported) => {
        const to = resolveImport(path, imported.specifier);
        const why = to && whyNot(path, to, imported);
        return why ? [`${path}:${imported.line} imports ${imported.specifier}: ${why}`] : [];
      }),
  );

function whyNot(path: string, to: string, { typeOnly, specifier }: Import): string | undefined {
  const [from, target] = [roomOf(path), roomOf(to)];
  // The SDK by its public name: for DAGs it is a package like any other.
  if (from === "dags" && !specifier.startsWith(".")) return undefined;
  if (target === "testing") return "test helpers stay in tests";
  if (from !== "config" && from !== "cli" && target === "config")
    return "only cli/ reads the configuration and hands it on";
  if (path.startsWith("server/") && SCREEN.includes(target)) return "nothing in server/ imports the screen";
  const allowed = [...(ONLY[from] ?? []), ...(typeOnly ? (TYPES_ALSO[from] ?? []) : [])];
  if (ONLY[from] && !allowed.includes(target)) return `${from} imports ${allowed.join(", ")} only`;
  if (NEVER[from]?.includes(target)) return `${from} never imports ${target}`;
  return undefined;
}

/** Of values only. A cycle of types is erased; one of values makes the order of loading matter. */
export const noCycles: Rule = (files) =>
  findCycles(files).map((cycle) => `${cycle.join(" -> ")}: an import cycle`);

/** Bootstrap files run before there is a configuration to ask; a runtime looks whether a task has changed its own (ADR 0002). */
export const environmentInConfigOnly: Rule = (files) => {
  const others = files.filter(
    ({ path }) =>
      !path.startsWith("server/config/") &&
      path !== "server/runtime/surroundings.ts" &&
      !isBootstrap(path) &&
      !isToolConfig(path),
  );
  const imported = each(
    others,
    () => true,
    ({ path, imports }) =>
      imports
        .filter(({ specifier, names }) => specifier.endsWith("process") && names.includes("env"))
        .map(({ line }) => `${path}:${line} imports env: only server/config reads the environment`),
  );
  return [
    ...imported,
    ...uses(others, ["process.env"], () => true, "only server/config reads the environment"),
  ];
};

const isToolConfig = (path: string) => !path.includes("/");

export const namedExportsOnly: Rule = (files) =>
  each(
    files,
    ({ path }) => path.startsWith("server/"),
    ({ path, defaultExports }) =>
      defaultExports.map((line) => `${path}:${line} has a default export: name it`),
  );

export const noBarrels: Rule = (files) =>
  each(
    files,
    ({ path }) => !path.startsWith("server/sdk/"),
    ({ path, reExports }) =>
      reExports.map(
        (line) => `${path}:${line} passes on another file's exports: import from that file itself`,
      ),
  );

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
export const kebabCaseFiles: Rule = (files) =>
  each(
    files,
    ({ path }) => !KEBAB.test(path.split("/").at(-1) ?? ""),
    ({ path }) => [`${path}: file names are kebab-case`],
  );

const MAX_LINES = 400;
export const smallFiles: Rule = (files) =>
  each(
    files,
    ({ lines }) => lines > MAX_LINES,
    ({ path, lines }) => [`${path} has ${lines} lines, more than ${MAX_LINES}: it is two files`],
  );

const IMPURE = [
  ...[
    "Date.now",
    "new Date()",
    "performance.now",
    "Math.random",
    "crypto.randomUUID",
    "crypto.getRandomValues",
  ],
  ...["setTimeout()", "setInterval()", "setImmediate()", "queueMicrotask()", "fetch()"],
  ...["process.hrtime", "process.nextTick", "process.pid", "console.log", "console.error"],
];
/** The core decides; time and chance are handed in. Its tests may use what they like. */
export const pureDomain: Rule = (files) => {
  const core = files.filter(({ path }) => path.startsWith("server/domain/") && !isTest(path));
  const nodeImports = each(
    core,
    () => true,
    ({ path, imports }) =>
      imports
        .filter(({ specifier }) => specifier.startsWith("node:"))
        .map(({ specifier, line }) => `${path}:${line} imports ${specifier}: the core does no IO`),
  );
  return [...nodeImports, ...uses(core, IMPURE, () => true, "the core is pure, let it be handed in")];
};

/** Prisma's client costs 54 MB a process; scheduler, loader, worker and triggerer must not get it by accident. */
export const prismaBehindOneDoor: Rule = (files) =>
  each(
    files,
    ({ path }) => !/^server\/db\/prisma[^/]*$/.test(path) && !path.startsWith("prisma/"),
    ({ path, imports }) =>
      imports
        .filter(
          ({ specifier }) =>
            specifier.startsWith("@prisma/client") || /(^|\/)prisma\/generated\//.test(specifier),
        )
        .map(({ specifier, line }) => `${path}:${line} imports ${specifier}: only server/db/prisma does`),
  );

const SLEEPS = ["setTimeout()", "setInterval()", "sleep()", "delay()", "page.waitForTimeout()"];
export const testsNeverSleep: Rule = (files) => {
  const tests = files.filter(({ path }) => isTest(path));
  const timers = each(
    tests,
    () => true,
    ({ path, imports }) =>
      imports
        .filter(({ specifier, names }) => specifier.includes("timers") && names.includes("setTimeout"))
        .map(({ line }) => `${path}:${line} imports a timer: wait for the thing itself`),
  );
  return [...timers, ...uses(tests, SLEEPS, () => true, "wait for the thing itself")];
};

const LEFT_OUT = ["describe", "it", "test", "test.describe", "bench"].flatMap((word) =>
  ["skip", "only", "todo", "fixme", "skipIf", "runIf"].map((how) => `${word}.${how}`),
);
export const everyTestRuns: Rule = (files) =>
  uses(files, LEFT_OUT, ({ path }) => isTest(path), "every test runs, or it goes");

/** `throw` wants a class; nothing else here does. */
export const classesAreThrown: Rule = (files) =>
  each(
    files,
    ({ path }) => path.startsWith("server/") && !isTest(path),
    ({ path, classes }) =>
      classes
        .filter((found) => !found.extends?.endsWith("Error"))
        .map(({ line }) => `${path}:${line} is a class: functions and plain data do`),
  );

/** Scheduler, API and web see data. Where users' code runs, it is loaded by the loader's child or a runtime. */
export const noCodeFromData: Rule = (files) => {
  const outside = files.filter(({ path }) => !/^server\/(loader|runtime)\//.test(path) && !isTesting(path));
  const imported = each(
    outside,
    () => true,
    ({ path, imports }) =>
      imports
        .filter(({ specifier }) => specifier === "node:vm")
        .map(({ line }) => `${path}:${line} imports node:vm: data is not code`),
  );
  return [
    ...imported,
    ...uses(outside, ["eval()", "new Function(…)", "Function()"], () => true, "data is not code"),
  ];
};

/** A page that asks nobody who is there would be open to everybody; so would a handler that is no procedure. */
export const pagesAreGuarded: Rule = (files) => [
  ...each(
    files,
    ({ path }) => /^app\/(.*\/)?page\.tsx$/.test(path),
    ({ path, defaultCalls: [guard = ""], imports }) =>
      ["page", "publicPage"].includes(guard) &&
      imports.some(({ specifier, names }) => specifier.endsWith("/guard") && names.includes(guard))
        ? []
        : [`${path} does not export default page("permission", …) or publicPage(…) of app/guard`],
  ),
  ...each(
    files,
    ({ path }) => /^app\/(.*\/)?route\.tsx?$/.test(path),
    ({ path }) => [`${path} answers requests: that is what procedures are for`],
  ),
];

/** Pages are built apart from the server around them, so a module of the server would be there twice. */
const PAGES_MAY_IMPORT = /^server\/(domain\/.+|auth\/permissions|web\/(host|admit-visitor))$/;
export const pagesHoldNoServer: Rule = (files) =>
  each(
    files,
    ({ path }) => SCREEN.includes(roomOf(path)) && !isTest(path),
    ({ path, imports }) =>
      imports.flatMap(({ specifier, typeOnly, line }) => {
        const to = resolveImport(path, specifier);
        return typeOnly || !to?.startsWith("server/") || PAGES_MAY_IMPORT.test(to)
          ? []
          : [
              `${path}:${line} imports ${specifier}: pages ask the server by procedures or by server/web/host`,
            ];
      }),
  );

function each(
  files: readonly SourceFacts[],
  applies: (file: SourceFacts) => boolean,
  violations: (file: SourceFacts) => string[],
): string[] {
  return files.filter(applies).flatMap(violations);
}

function uses(
  files: readonly SourceFacts[],
  words: readonly string[],
  applies: (file: SourceFacts) => boolean,
  why: string,
): string[] {
  return each(files, applies, (file) =>
    file.uses
      .filter((use) => words.includes(use.words))
      .map((use) => `${file.path}:${use.line} uses ${use.words}: ${why}`),
  );
}
