import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as rules from "./testing/architecture/rules";
import { factsOf, type SourceText } from "./testing/architecture/source-facts";

const SOURCE = /\.(ts|tsx|mjs)$/;
const FOLDERS = ["server", "dags", "bench", "app", "components", "e2e"];

function sourcesOf(folder: string): SourceText[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return folder !== "." || FOLDERS.includes(entry.name) ? sourcesOf(path) : [];
    return SOURCE.test(path) ? [{ path, text: readFileSync(path, "utf8") }] : [];
  });
}

const files = sourcesOf(".").map(factsOf);

it.each(Object.entries(rules))("holds: %s", (_name, rule) => {
  expect(rule(files)).toEqual([]);
});

/** For each rule: files that break it, and how often. Beside each stands its neighbour that does not. */
const PLANTED: Record<keyof typeof rules, { broken: Record<string, string>; times: number }> = {
  importDirections: {
    broken: {
      "server/domain/a.ts": `import { log } from "../platform/log";`,
      "server/runtime/b.ts": `import { pool } from "../db/pool";\nconst later = () => import("../db/migrate");`,
      "server/scheduler/c.ts": `import { config } from "../config/config";\nimport { aTask } from "../testing/tasks";`,
      "server/sdk/d.ts": `import { protocol } from "../executor/protocol";\nimport type { Word } from "../executor/protocol";`,
      "server/api/e.ts": `import type { Owner } from "../scheduler/own";\nimport { Page } from "../../components/page";`,
      "dags/f.ts": `import { task } from "vane";\nimport { telegram } from "vane/notify";\nimport { id } from "../server/domain/ids";`,
      "server/cli/g.ts": `import { config } from "../config/config";\n// import { x } from "../testing/x"`,
      "server/domain/h.test.ts": `import { aTask } from "../testing/tasks";`,
      "e2e/system/i.ts": `import { aTask } from "../../server/testing/tasks";`,
    },
    times: 9,
  },
  noCycles: {
    broken: {
      "server/a.ts": `import { b } from "./b";`,
      "server/b.ts": `export { c } from "./sdk/c";`,
      "server/sdk/c.ts": `const a = () => import("../a");`,
      "server/d.ts": `import type { E } from "./e";`,
      "server/e.ts": `import { d } from "./d";`,
    },
    times: 1,
  },
  environmentInConfigOnly: {
    broken: {
      "server/worker/a.ts": "const home = process.env.HOME;",
      "server/worker/b.ts": "const all = { ...process.env };",
      "server/worker/c.ts": "const text = 'process.env'; // process.env",
      "server/worker/e.ts": `import { cwd, env } from "node:process";`,
      "server/config/d.ts": "const home = process.env.HOME;",
      "server/cli/start.mjs": "const home = process.env.HOME;",
    },
    times: 3,
  },
  namedExportsOnly: {
    broken: {
      "server/a.ts": "export default 1;",
      "server/b.ts": "export default function f() {}",
      "dags/c.ts": "export default 1;",
      "server/d.ts": "export function f() {}",
    },
    times: 2,
  },
  noBarrels: {
    broken: {
      "server/db/index.ts": `export * from "./pool";\nexport type { Pool } from "./pool";`,
      "server/sdk/vane.ts": `export { dag } from "./dag";`,
    },
    times: 2,
  },
  kebabCaseFiles: {
    broken: { "server/taskMachine.ts": "", "server/Run_State.ts": "", "server/run-state.db.test.ts": "" },
    times: 2,
  },
  smallFiles: { broken: { "server/a.ts": "//\n".repeat(401), "server/b.ts": "//\n".repeat(400) }, times: 1 },
  pureDomain: {
    broken: {
      "server/domain/a.ts": `import { readFileSync } from "node:fs";\nconst at = Date.now() + Math.random();\nsetTimeout(f, 1);\nnew Date();`,
      "server/domain/b.ts": "const at = (text: string) => new Date(text);",
      "server/platform/c.ts": "Date.now();",
    },
    times: 5,
  },
  prismaBehindOneDoor: {
    broken: {
      "server/web/a.ts": `import { PrismaClient } from "../../prisma/generated/client";`,
      "server/web/b.ts": `import type { Prisma } from "@prisma/client";`,
      "server/db/prisma.ts": `import { PrismaClient } from "../../prisma/generated/client";`,
    },
    times: 2,
  },
  testsNeverSleep: {
    broken: {
      "server/a.test.ts": `import { setTimeout as wait } from "node:timers/promises";\nsetTimeout(f, 50);\nawait sleep(50);\nawait page.waitForTimeout(50);`,
      "server/b.test.ts": "const code = 'setTimeout(f, 50)';",
      "e2e/door/c.spec.ts": "await page.waitForTimeout(50);",
      "server/clock.ts": "setTimeout(f, 50);",
    },
    times: 5,
  },
  everyTestRuns: {
    broken: {
      "server/a.test.ts": "it.skip('a');\ndescribe.only('b');\nit.todo('c');\nit('d');",
      "e2e/door/c.spec.ts": "test.skip('d');\ntest.fixme('e');\ntest.describe.only('f');",
      "server/b.ts": "it.skip();",
    },
    times: 6,
  },
  classesAreThrown: {
    broken: {
      "server/a.ts":
        "class A {}\nconst b = class extends Map {};\nclass C extends Error {}\nclass D extends VaneError {}",
    },
    times: 2,
  },
  pagesAreGuarded: {
    broken: {
      "app/a/page.tsx": `import { page } from "../guard";\nexport default function A() {}`,
      "app/b/page.tsx": `import { page } from "../guard";\nexport default currentSession(A);`,
      "app/page.tsx": `export default page("dag.read", A);`,
      "app/(c)/page.tsx": `import { page } from "../guard";\nexport default page("dag.read", C);`,
      "app/d/page.tsx": `import { publicPage } from "../guard";\nexport default publicPage(D);`,
      "app/api/route.ts": "export function GET() {}",
      "components/page.tsx": "export function Page() {}",
    },
    times: 4,
  },
  pagesHoldNoServer: {
    broken: {
      "app/a.tsx": `import { pool } from "../server/db/pool";\nimport type { Pool } from "../server/db/pool";`,
      "app/b.tsx": `import { hostOf } from "../server/web/host";\nimport { Email } from "../server/domain/account";`,
      "app/c.tsx": `import { openPages } from "../server/web/pages";`,
      "server/web/d.ts": `import { pool } from "../db/pool";`,
    },
    times: 2,
  },
  noCodeFromData: {
    broken: {
      "server/scheduler/a.ts": `import { runInThisContext } from "node:vm";\neval(text);\nnew Function(text);`,
      "server/runtime/b.ts": `import { Script } from "node:vm";`,
    },
    times: 3,
  },
};

it.each(Object.entries(rules))("would catch a violation: %s", (name, rule) => {
  const { broken, times } = PLANTED[name as keyof typeof rules];
  const planted = Object.entries(broken).map(([path, text]) => factsOf({ path, text }));
  expect(rule(planted)).toHaveLength(times);
});
