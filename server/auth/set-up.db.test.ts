import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { createUser } from "../commands/create-user";
import { startAuth, withCookies } from "../testing/auth";
import { createTestDb, untilWaiting } from "../testing/test-db";
import { newSetUpToken } from "./set-up-link";

const connect = await createTestDb();
const [db, other] = await Promise.all([connect(), connect()]);

vi.setConfig({ testTimeout: 30_000 }); // each look at a password takes its 100 ms, on purpose
const caller = { address: "127.0.0.1", userAgent: "Test/1" };
const stops: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(stops.map((stop) => stop())));

/** A web server that starts, as a supervisor starts it. */
async function start(token = newSetUpToken()) {
  const { auth, stop } = await startAuth(db, { setUpToken: token });
  stops.push(stop);
  const asked = { token, name: "Ada", email: "ada@example.com", password: "correct horse battery" };
  return { auth, token, asked };
}

beforeEach(async () => {
  await db.query(`truncate "user", session, account, verification, rate_limit, audit_event cascade`);
});

const admins = async () => (await db.query(`select from "user" where role = 'admin'`)).rowCount;

it("makes the first admin, signs him in, and is used up", async () => {
  const { auth, token, asked } = await start();
  expect(await auth.hasAdmin()).toBe(false);
  expect(await auth.checkSetUp(token)).toBe("open");
  const { outcome, cookies } = await auth.setUp(asked, caller);
  expect(outcome).toEqual({ kind: "done", name: "Ada" });
  expect(await auth.sessionOf(withCookies(cookies))).toMatchObject({ name: "Ada", role: "admin" });
  expect(await auth.hasAdmin()).toBe(true);
  expect(await auth.checkSetUp(token)).toBe("used");
  expect(await auth.setUp({ ...asked, email: "eve@example.com" }, caller)).toEqual({
    ...{ outcome: { kind: "used" }, cookies: [] },
  });
  const { rows } = await db.query("select principal, action, detail, address from audit_event order by id");
  const by = { principal: "user:ada@example.com", address: "127.0.0.1" };
  expect(rows).toEqual([
    { ...by, action: "system.set_up", detail: '{"role": "admin"}' },
    { ...by, action: "user.signed_in", detail: "{}" },
  ]);
});

it("lets one of many that come at once be the admin", async () => {
  const { auth, asked } = await start();
  await other.query("begin");
  await other.query("select from verification for update");
  const all = Array.from({ length: 5 }, (_, n) =>
    auth.setUp({ ...asked, email: `admin-${n}@example.com` }, caller),
  );
  await untilWaiting(db, 5);
  await other.query("commit");
  const kinds = (await Promise.all(all)).map(({ outcome }) => outcome.kind);
  expect(kinds.sort()).toEqual(["done", "used", "used", "used", "used"]);
  expect(await admins()).toBe(1);
  expect((await db.query(`select from "user"`)).rowCount).toBe(1);
});

it("is gone once there is an admin by another way, also when that happens at the same moment", async () => {
  const { auth, token, asked } = await start();
  await other.query("begin");
  const ivan = {
    email: "ivan@example.com",
    name: "Ivan",
    role: "admin",
    password: "another horse battery",
  } as const;
  await createUser({ db: other, principal: "cli:test" }, ivan);
  const settingUp = auth.setUp(asked, caller);
  await untilWaiting(db);
  await other.query("commit");
  expect((await settingUp).outcome).toEqual({ kind: "used" });
  expect(await auth.checkSetUp(token)).toBe("used");
  expect((await db.query("select from verification")).rowCount).toBe(0);
});

it("stays open while there are only others", async () => {
  const { auth, token } = await start();
  const ivan = {
    email: "ivan@example.com",
    name: "Ivan",
    role: "op",
    password: "another horse battery",
  } as const;
  await createUser({ db, principal: "cli:test" }, ivan);
  expect(await auth.checkSetUp(token)).toBe("open");
});

it("is not used up by an address that somebody has", async () => {
  const { auth, asked } = await start();
  const ivan = {
    email: "ivan@example.com",
    name: "Ivan",
    role: "op",
    password: "another horse battery",
  } as const;
  await createUser({ db, principal: "cli:test" }, ivan);
  await expect(auth.setUp({ ...asked, email: ivan.email }, caller)).rejects.toMatchObject({
    code: "user.email_taken",
  });
  expect((await auth.setUp(asked, caller)).outcome).toMatchObject({ kind: "done" });
});

it("is good for an hour, which a web server that is started again does not begin anew", async () => {
  const { auth, token, asked } = await start();
  const left = "select extract(epoch from expires_at - now()) as seconds from verification";
  expect(
    (await db.query<{ seconds: string }>(left)).rows.map(({ seconds }) => Math.round(Number(seconds) / 60)),
  ).toEqual([60]);
  await db.query("update verification set expires_at = now()");
  expect(await auth.checkSetUp(token)).toBe("expired");
  expect((await auth.setUp(asked, caller)).outcome).toEqual({ kind: "expired" });
  const again = await start(token);
  expect(await again.auth.checkSetUp(token)).toBe("expired");
  expect(await admins()).toBe(0);
});

it("is replaced at the next start, and not made when there is an admin", async () => {
  const first = await start();
  const second = await start();
  expect(await second.auth.checkSetUp(first.token)).toBe("unknown");
  expect(await second.auth.checkSetUp("")).toBe("unknown");
  expect((await second.auth.setUp(first.asked, caller)).outcome).toEqual({ kind: "unknown" });
  expect((await second.auth.setUp(second.asked, caller)).outcome).toMatchObject({ kind: "done" });
  const third = await start();
  expect(await third.auth.checkSetUp(third.token)).toBe("used");
  expect((await db.query("select from verification")).rowCount).toBe(0);
});

it("stores what a token hashes to, and never the token", async () => {
  const { token } = await start();
  const { rows } = await db.query<{ line: string }>("select v::text as line from verification v");
  expect(rows).toHaveLength(1);
  expect(rows[0]?.line).not.toContain(token);
});
