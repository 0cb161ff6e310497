/*
 * A team's repository as Vane finds it: an API's functions behind a tsconfig path, a workspace package in TypeScript,
 * packages of all sorts. By path, with what stands in each file.
 */
const json = (value: unknown) => JSON.stringify(value, undefined, 2);

/** What it takes from the registry besides what lies in our node_modules. */
export const PUBLISHED: Readonly<Record<string, string>> = {
  "esm-rates/package.json": json({
    ...{ name: "esm-rates", version: "1.2.3", type: "module" },
    exports: { ".": { types: "./index.d.ts", import: "./index.js" } },
  }),
  "esm-rates/index.js": "export const usdPer = (currency) => ({ EUR: 1.25, CHF: 1.5 })[currency] ?? 1;\n",
  "esm-rates/index.d.ts": "export declare const usdPer: (currency: string) => number;\n",
  "cjs-fees/package.json": json({
    name: "cjs-fees",
    version: "3.0.0",
    main: "lib.js",
    types: "lib.d.ts",
  }),
  "cjs-fees/lib.js": "module.exports = { fee: (amount) => amount / 100 };\n",
  "cjs-fees/lib.d.ts": "declare const fees: { fee(amount: number): number };\nexport = fees;\n",
};

/** @param vane what its package.json says of Vane */
export const repository = (vane: string): Readonly<Record<string, string>> => ({
  "package.json": json({
    ...{ name: "acme", private: true, type: "module", workspaces: ["packages/*"] },
    dependencies: {
      ...{ "@acme/pricing": "*", "cjs-fees": "^3.0.0", "esm-rates": "^1.0.0", lightningcss: "*", pg: "*" },
      ...{ vane, zod: "*" },
    },
  }),
  "tsconfig.json": json({
    compilerOptions: {
      ...{ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
      ...{ target: "es2023", module: "esnext", moduleResolution: "bundler", esModuleInterop: true },
      ...{ noEmit: true, types: ["node"], paths: { "@features/*": ["./src/features/*"] } },
    },
    include: ["src", "dags", "packages/*/src"],
  }),
  "packages/pricing/package.json": json({
    ...{ name: "@acme/pricing", version: "0.0.0", type: "module", exports: "./src/index.ts" },
    dependencies: { "cjs-fees": "*" },
  }),
  "packages/pricing/src/index.ts": `import fees from "cjs-fees";
import type { Quote } from "./quote";

export type { Quote };
export function withFee({ currency, amount }: Quote): Quote {
  if (currency === "XXX") throw new Error("No price for XXX.");
  return { currency, amount: amount + fees.fee(amount) };
}
`,
  "packages/pricing/src/quote.ts": "export interface Quote {\n  currency: string;\n  amount: number;\n}\n",
  // What the API calls: it knows nothing of Vane.
  "src/features/quotes.ts": `import type { Pool } from "pg";
import { withFee, type Quote } from "@acme/pricing";
import { transform } from "lightningcss";
import { usdPer } from "esm-rates";

export async function storeQuotes(db: Pool, currencies: string[]): Promise<Quote[]> {
  await db.query("create table if not exists quote (currency text primary key, amount float8)");
  const quotes = currencies.map((currency) => withFee({ currency, amount: usdPer(currency) * 100 }));
  for (const { currency, amount } of quotes) await db.query("insert into quote values ($1, $2)", [currency, amount]);
  return quotes;
}

/** By native code. */
export const stylesheet = (source: string) =>
  transform({ filename: "a.css", code: Buffer.from(source), minify: true }).code.toString();
`,
  "dags/quotes.ts": `import { context, dag, runDomain, task } from "vane";
import { z } from "zod";
import type { Quote } from "@acme/pricing";

const store = runDomain.task("store", () => import("@features/quotes"), "storeQuotes");

const report = task("report", async (quotes: Quote[]) => {
  const { stylesheet } = await import("@features/quotes");
  const told = quotes.map(({ currency, amount }) => \`\${currency} \${amount}\`).join(", ");
  context().log.info(\`\${told}, styled \${stylesheet("a { color: #ff0000 }")}\`);
});

export default dag(
  { id: "quotes", params: z.object({ currencies: z.array(z.string()).default(["EUR", "CHF"]) }) },
  ({ params }) => {
    report(store(params.currencies));
  },
);
`,
  // A wrong edge does not compile.
  "src/wrong-edges.ts": `import { dag, runDomain, task } from "vane";

const store = runDomain.task("store", () => import("@features/quotes"), "storeQuotes");
const count = task("count", (rows: { nothing: string }[]) => rows.length);

dag({ id: "wrong" }, () => {
  // @ts-expect-error quotes have no "nothing"
  count(store(["EUR"]));
  // @ts-expect-error currencies are texts
  store([1]);
});
`,
});
