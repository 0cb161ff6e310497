import { inspect } from "node:util";
import { afterAll, expect, it, vi } from "vitest";
import { createUser } from "../commands/create-user";
import { resetPassword } from "../commands/reset-password";
import { setConnection } from "../commands/set-connection";
import { setVariable } from "../commands/set-variable";
import { requestTrigger, TriggerRunArguments } from "../commands/trigger-run";
import type { Log } from "../platform/log";
import { newSecretKey } from "../secrets/key-ring";
import { dumpRows, startAuth, withCookies } from "../testing/auth";
import { seedDag } from "../testing/seed";
import { createTestDb } from "../testing/test-db";
import { newSetUpToken } from "./set-up-link";

vi.setConfig({ testTimeout: 30_000 }); // each look at a password takes its 100 ms, on purpose

const db = await (await createTestDb())();
const logged: string[] = [];
const note = (...said: readonly unknown[]) => void logged.push(JSON.stringify(said));
const log: Log = { debug: note, info: note, warn: note, error: note };
const token = newSetUpToken();
const { auth, stop } = await startAuth(db, { setUpToken: token, log });
afterAll(stop);

const caller = { address: "127.0.0.1", userAgent: "Test/1" };
const PASSWORDS = [
  "canary-of-the-admin",
  "canary-of-a-user",
  "canary-that-is-wrong",
  "canary-that-is-new",
] as const;
const VALUES = ["canary-in-a-connection", "canary-in-a-variable", "canary-in-a-param"] as const;

it("leaves no password, no token and no secret in an audit row, in a log, or in any row that could be read", async () => {
  await seedDag(db);
  const ada = { email: "ada@example.com", name: "Ada", password: PASSWORDS[0] };
  const ivan = { email: "ivan@example.com", password: PASSWORDS[1] };
  const door = {
    db,
    principal: "cli:test",
    keys: [newSecretKey()],
    answerTo: () => Promise.resolve(undefined),
  };

  const first = await auth.setUp({ ...ada, token }, caller);
  await auth.setUp({ ...ada, token: `${token}x` }, caller);
  await createUser(door, { ...ivan, name: "Ivan", role: "user" });
  const second = await auth.signIn(ivan, caller);
  await auth.signIn({ ...ivan, password: PASSWORDS[2] }, caller);
  await db.query("alter table session rename to elsewhere");
  for (const asking of [() => auth.signIn(ivan, caller), () => auth.sessionOf(withCookies(second.cookies))]) {
    const error: unknown = await asking().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    note(inspect(error, { depth: 10 }));
  }
  await db.query("alter table elsewhere rename to session");
  await resetPassword(door, { ...ivan, password: PASSWORDS[3] });
  const extra = {
    secrets: { password: VALUES[0] },
    host: null,
    port: null,
    login: null,
    schema: null,
    extra: {},
  };
  await setConnection(door, "market", { kind: "generic", ...extra });
  await setVariable(door, "token", VALUES[1]);
  await requestTrigger(
    door,
    TriggerRunArguments.parse({
      ...{ dagId: "hello", logicalDate: null, conf: { wallet: VALUES[2] }, idempotencyKey: "of-the-canary" },
    }),
  );

  const cookies = [...first.cookies, ...second.cookies].map((cookie) => cookie.split(/[=;]/)[1] ?? "");
  expect(cookies).toHaveLength(2);
  const secrets = [...PASSWORDS, ...VALUES, token, ...cookies, ...cookies.map(decodeURIComponent)];
  const found = (text: string) => secrets.filter((secret) => text.includes(secret));

  const { rows } = await db.query<{ line: string }>("select a::text as line from audit_event a");
  expect(rows).toHaveLength(9);
  expect(found(rows.map(({ line }) => line).join("\n"))).toEqual([]);
  expect(logged.length).toBeGreaterThan(2);
  expect(found(logged.join("\n"))).toEqual([]);
  // A run's params are data that its tasks read; nothing else of this can be read anywhere.
  expect(found(await dumpRows(db))).toEqual([VALUES[2]]);
});
