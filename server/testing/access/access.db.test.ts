import { afterAll, describe, expect, inject, it, vi } from "vitest";
import { appRouter } from "../../api/root";
import { openAuth } from "../../auth/auth";
import { authOptions } from "../../auth/options";
import type { Role } from "../../auth/permissions";
import { openPool } from "../../db/pool";
import { silentLog } from "../../platform/log";
import { withDatabase } from "../../supervisor/embedded-postgres";
import { startApi } from "../api-server";
import { seedDag } from "../seed";
import { createTestDb } from "../test-db";
import { makeCallers, type Caller } from "./callers";
import { dumpDatabase } from "./database-diff";
import { proceduresOf, type DeclaredProcedure } from "./procedures";
import { ACCESS, DOORKEEPER, SEEDED_DAG, type Row } from "./table";

/*
 * The fence around the API, from outside: every procedure of the router, as everybody, over HTTP, with real sessions on a
 * real database. `npm run test:access` takes it down plank by plank and wants this file red each time.
 */

// A password takes its time to check.
vi.setConfig({ testTimeout: 60_000 });

const connect = await createTestDb();
const db = await connect();
await seedDag(db, { id: SEEDED_DAG });
const pool = openPool(withDatabase(inject("adminUrl"), db.database ?? ""), { name: "auth", max: 4 });
const auth = await openAuth({
  ...authOptions("ab".repeat(32)),
  ...{ db: pool, publicUrl: "http://127.0.0.1:8080", log: silentLog },
});
const api = await startApi({ db, auth });
afterAll(async () => {
  await api.stop();
  await auth.close();
  await pool.end();
});
const callers = await makeCallers(db, api);
const admin = callers.find(({ who }) => who === "admin");

const procedures = proceduresOf(appRouter);
const rowOf = ({ path }: DeclaredProcedure): Row<unknown> => {
  const row = ACCESS.get(path);
  if (!row) throw new Error(`${path} has no row in table.ts: say who may call it.`);
  return row;
};
const queries = procedures.filter(({ type }) => type === "query");
const mutations = procedures.filter(({ type }) => type === "mutation");

const as = (caller: Caller | undefined) => (caller?.cookie === undefined ? {} : { cookie: caller.cookie });
const call = ({ path, type }: DeclaredProcedure, input: unknown, caller: Caller | undefined) =>
  type === "query" ? api.query(path, input, as(caller)) : api.mutate(path, input, as(caller));

const RANK: Readonly<Record<Role, number>> = { viewer: 1, user: 2, op: 3, admin: 4 };
function expectedStatus({ by }: Row<unknown>, { role }: Caller): number {
  if (by === "anyone") return 200;
  if (role === undefined) return 401;
  return RANK[role] >= RANK[by] ? 200 : 403;
}

async function changes(work: () => Promise<void>): Promise<string[]> {
  const before = await dumpDatabase(db);
  await work();
  const after = await dumpDatabase(db);
  return [...after.keys()].filter((table) => String(after.get(table)) !== String(before.get(table)));
}

it("has a row for every procedure and no other, and each declares what its row says", () => {
  expect([...ACCESS.keys()].sort()).toEqual(procedures.map(({ path }) => path).sort());
  const declared = procedures.map(({ path, permission }) => [path, permission]);
  expect(declared).toEqual(procedures.map((found) => [found.path, rowOf(found).permission]));
});

it("has everybody to call as", () => {
  expect(callers.map(({ who }) => who)).toEqual([
    ...["anonymous", "viewer", "user", "op", "admin"],
    ...["disabled", "deleted", "expired", "demoted", "signed out", "forged"],
  ]);
});

describe.each(procedures)("$path", (procedure) => {
  const row = rowOf(procedure);
  // It ends the session that it is called with, so that nobody here can spare one.
  const called = callers.filter(({ cookie }) => procedure.path !== "door.signOut" || cookie === undefined);

  async function ask(some: readonly Caller[]) {
    const found: Record<string, number> = {};
    for (const caller of some) found[caller.who] = (await call(procedure, row.input(), caller)).status;
    return found;
  }
  const expected = (some: readonly Caller[]) =>
    Object.fromEntries(some.map((caller) => [caller.who, expectedStatus(row, caller)]));

  it("is for those who may, and nothing happens for the others", async () => {
    const allowed = called.filter((caller) => expectedStatus(row, caller) === 200);
    const refused = called.filter((caller) => !allowed.includes(caller));
    const changed = await changes(async () => {
      expect(await ask(refused)).toEqual(expected(refused));
    });
    expect(changed).toEqual([]);
    expect(await ask(allowed)).toEqual(expected(allowed));
  });

  it("refuses what it does not take, also from an admin", async () => {
    const good: unknown = row.input();
    const fields = typeof good === "object" && good !== null ? Object.entries(good) : [];
    const deep: unknown = JSON.parse(`${"[".repeat(70)}${"]".repeat(70)}`);
    const bad: Readonly<Record<string, unknown>> = {
      ...{ "an unknown key": { ...Object(good), force: true }, "a list": [good], "an empty list": [] },
      ...{ "a text": "x", "a number": 1, null: null, "a bomb": deep },
      ...Object.fromEntries(
        fields.flatMap(([key, value]) => {
          if (typeof value !== "string") return [];
          const odd = { "an operator": { contains: "" }, "a list": [value], NUL: `${value}\0` };
          return Object.entries(odd).map(([what, found]) => [
            `${what} for ${key}`,
            { ...Object(good), [key]: found },
          ]);
        }),
      ),
    };
    const changed = await changes(async () => {
      for (const [what, input] of Object.entries(bad)) {
        const { status } = await call(procedure, input, admin);
        expect({ what, refused: [400, 422].includes(status) }).toEqual({ what, refused: true });
      }
    });
    expect(changed).toEqual([]);
  });
});

describe.each(mutations)("$path", (procedure) => {
  const { path } = procedure;
  const input = rowOf(procedure).input();
  const text = JSON.stringify(input ?? {});
  const json = { "content-type": "application/json" };

  it.each([
    ["plain text", 415, { "content-type": "text/plain" }, text],
    ["a form", 415, { "content-type": "application/x-www-form-urlencoded" }, text],
    ["files", 415, { "content-type": "multipart/form-data; boundary=x" }, text],
    ["bytes", 415, { "content-type": "application/octet-stream" }, text],
    ["a prototype", 400, json, `{"__proto__":{"role":"admin"},${text.slice(1)}`],
    ["half a body", 400, json, text.slice(0, -1)],
  ])("is not done by %s", async (_what, expected, headers, body) => {
    const changed = await changes(async () => {
      const { status } = await api.send(path, {
        method: "POST",
        headers: { ...as(admin), ...headers },
        body,
      });
      expect(status).toBe(expected);
    });
    expect(changed).toEqual([]);
  });

  it("is not done by GET, nor by a GET that says it is a POST", async () => {
    const changed = await changes(async () => {
      expect((await api.query(path, input, as(admin))).status).toBe(405);
      const batch = encodeURIComponent(JSON.stringify({ 0: input }));
      const sent = await api.send(`${path}?batch=1&input=${batch}`, { headers: as(admin) });
      expect(sent.status).toBe(405);
      const overridden = { ...as(admin), "x-http-method-override": "POST" };
      expect((await api.query(path, input, overridden)).status).toBe(405);
    });
    expect(changed).toEqual([]);
  });
});

it("changes no row by reading everything", async () => {
  const changed = await changes(async () => {
    for (const procedure of queries) {
      expect((await call(procedure, rowOf(procedure).input(), admin)).status).toBe(200);
    }
    const all = queries.map(({ path }) => path).join(",");
    const inputs = Object.fromEntries(queries.map((found, at) => [at, rowOf(found).input()]));
    const input = encodeURIComponent(JSON.stringify(inputs));
    expect((await api.send(`${all}?batch=1&input=${input}`, { headers: as(admin) })).status).toBe(200);
  });
  expect(changed).toEqual([]);
});

it.each(callers)("answers each part of a batch as it would alone: $who", async (caller) => {
  const batched = mutations.filter(({ path }) => path !== "door.signOut");
  const answers = await api.send(`${batched.map(({ path }) => path).join(",")}?batch=1`, {
    ...{ method: "POST", headers: { ...as(caller), "content-type": "application/json" } },
    body: JSON.stringify(Object.fromEntries(batched.map((found, at) => [at, rowOf(found).input()]))),
  });
  const CODES: Readonly<Record<number, string | undefined>> = {
    401: "auth.signed_out",
    403: "auth.forbidden",
  };
  expect(answers.body).toMatchObject(
    batched.map((found) => {
      const code = CODES[expectedStatus(rowOf(found), caller)];
      return code === undefined ? { result: {} } : { error: { data: { code } } };
    }),
  );
});

it("tells nobody whether it is the address or the password that is wrong", async () => {
  const wrong = { kind: "wrong", triesLeft: expect.any(Number) };
  const attempts = [
    { ...DOORKEEPER, password: "something else" },
    { ...DOORKEEPER, email: "nobody@vane.test" },
  ];
  for (const attempt of attempts) {
    const { status, body, headers } = await api.mutate("door.signIn", attempt);
    expect({ status, body }).toEqual({ status: 200, body: { result: { data: wrong } } });
    expect(headers.getSetCookie()).toEqual([]);
  }
});
