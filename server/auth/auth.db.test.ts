import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { createUser } from "../commands/create-user";
import { silentLog } from "../platform/log";
import { startAuth, withCookies } from "../testing/auth";
import { createTestDb } from "../testing/test-db";
import { openAuth } from "./auth";
import { authOptions } from "./options";

const db = await (await createTestDb())();
const { auth, pool, options, stop } = await startAuth(db);
afterAll(stop);

vi.setConfig({ testTimeout: 30_000 }); // each look at a password takes its 100 ms, on purpose
const caller = { address: "127.0.0.1", userAgent: "Test/1" };
const olga = { email: "olga@example.com", password: "correct horse battery" };
const wrong = { ...olga, password: "incorrect horse battery" };

beforeEach(async () => {
  await db.query(`truncate "user", session, account, rate_limit, audit_event cascade`);
  await createUser({ db, principal: "cli:test" }, { ...olga, name: "Olga", role: "op" });
});

async function signedIn() {
  const { outcome, cookies } = await auth.signIn(olga, caller);
  expect(outcome).toEqual({ kind: "signed_in" });
  return cookies;
}

const audited = async () => {
  const { rows } = await db.query<{ line: string }>(
    `select concat_ws(' ', principal, action, subject, nullif(detail, '{}'), address) as line
       from audit_event where action <> 'user.created' order by id`,
  );
  return rows.map(({ line }) => line);
};

it("lets in who has the password, with a cookie that belongs to this installation", async () => {
  const cookies = await signedIn();
  const cookie = /^vane_[0-9a-f]{8}=[^;]+; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/;
  expect(cookies).toEqual([expect.stringMatching(cookie)]);
  expect(await auth.sessionOf(withCookies(cookies))).toEqual({
    ...{ sessionId: expect.any(String), userId: expect.any(String) },
    ...{ name: "Olga", email: olga.email, role: "op" },
  });
  const { rows } = await db.query("select ip_address, user_agent from session");
  expect(rows).toEqual([{ ip_address: "127.0.0.1", user_agent: "Test/1" }]);
  expect(await audited()).toEqual(["user:olga@example.com user.signed_in olga@example.com 127.0.0.1"]);
});

it("signs a session in and notes it, or does neither", async () => {
  await db.query("alter table audit_event add constraint full_disk check (action <> 'user.signed_in')");
  await expect(auth.signIn(olga, caller)).rejects.toThrow();
  await db.query("alter table audit_event drop constraint full_disk");
  expect((await db.query("select from session")).rowCount).toBe(0);
  expect((await db.query("select points from rate_limit where points > 0")).rows).toEqual([]);
});

it("refuses a wrong password, counts it and notes it, and says as much of an account that nobody has", async () => {
  const nobody = { ...wrong, email: "nobody@example.com" };
  for (const input of [wrong, nobody]) {
    const answer = await auth.signIn(input, caller);
    expect(answer).toEqual({ outcome: { kind: "wrong", triesLeft: 9 }, cookies: [] });
  }
  expect(await audited()).toEqual([
    'anonymous user.sign_in_failed olga@example.com {"why":"wrong"} 127.0.0.1',
    'anonymous user.sign_in_failed nobody@example.com {"why":"wrong"} 127.0.0.1',
  ]);
});

it("takes as long for an account that nobody has", async () => {
  const fastestMs = async (email: string) => {
    const times: number[] = [];
    for (let n = 0; n < 5; n++) {
      const startedMs = performance.now();
      await auth.signIn({ ...wrong, email }, caller);
      times.push(performance.now() - startedMs);
    }
    return Math.min(...times);
  };
  const [known, unknown] = [await fastestMs(olga.email), await fastestMs("nobody@example.com")];
  expect(unknown / known).toBeGreaterThan(0.5);
});

it("has a session of its own for each sign-in", async () => {
  const cookies = [await signedIn(), await signedIn()];
  const [first, second] = await Promise.all(cookies.map((one) => auth.sessionOf(withCookies(one))));
  expect(first?.userId).toBe(second?.userId);
  expect(first?.sessionId).not.toBe(second?.sessionId);
});

it("tells who disabled an account has only to whoever has its password, and ends what is open at once", async () => {
  const cookies = await signedIn();
  await db.query(`update "user" set banned = true`);
  expect(await auth.sessionOf(withCookies(cookies))).toBeUndefined();
  expect((await auth.signIn(wrong, caller)).outcome).toEqual({ kind: "wrong", triesLeft: 9 });
  expect(await auth.signIn(olga, caller)).toEqual({ outcome: { kind: "disabled" }, cookies: [] });
  expect((await audited()).slice(1)).toEqual([
    'anonymous user.sign_in_failed olga@example.com {"why":"wrong"} 127.0.0.1',
    'anonymous user.sign_in_failed olga@example.com {"why":"disabled"} 127.0.0.1',
  ]);
});

it("knows a session no more once its row is gone or over, and a role as it is now", async () => {
  const headers = withCookies(await signedIn());
  await db.query(`update "user" set role = 'viewer'`);
  expect(await auth.sessionOf(headers)).toMatchObject({ role: "viewer" });
  await db.query("update session set expires_at = now() - interval '1 second'");
  expect(await auth.sessionOf(headers)).toBeUndefined();
  const others = withCookies(await signedIn());
  await db.query("delete from session");
  expect(await auth.sessionOf(others)).toBeUndefined();
});

it("lets a session slide: seven days from its use, written once a day at most", async () => {
  const headers = withCookies(await signedIn());
  const left = async (): Promise<unknown> =>
    (await db.query("select round(extract(epoch from expires_at - now()) / 3600)::int as hours from session"))
      .rows[0];
  expect(await left()).toEqual({ hours: 168 });
  await db.query("update session set expires_at = now() + interval '145 hours'");
  await auth.sessionOf(headers);
  expect(await left()).toEqual({ hours: 145 });
  await db.query("update session set expires_at = now() + interval '143 hours'");
  await auth.sessionOf(headers);
  expect(await left()).toEqual({ hours: 168 });
});

it("believes no cookie that this installation has not signed", async () => {
  const cookies = await signedIn();
  const [name = "", value = ""] = (cookies[0]?.split(";")[0] ?? "").split("=");
  const token = decodeURIComponent(value).split(".")[0] ?? "";
  expect((await db.query("select from session where token = $1", [token])).rowCount).toBe(1);
  const other = await openAuth({
    ...{
      db: pool,
      publicUrl: "http://127.0.0.1:8080",
      log: silentLog,
    },
    ...{ secret: authOptions("cd".repeat(32)).secret, cookieName: options.cookieName },
  });
  expect(await other.sessionOf(withCookies(cookies))).toBeUndefined();
  for (const forged of [token, `${token}.`, `${token}.${"A".repeat(43)}=`, "x", "%"]) {
    expect(await auth.sessionOf(new Headers({ cookie: `${name}=${forged}` }))).toBeUndefined();
  }
  expect(await auth.sessionOf(new Headers({ cookie: `${name}=${value}` }))).toBeDefined();
  expect(await auth.sessionOf(new Headers())).toBeUndefined();
});

it("signs out: the session is gone, the cookie, too, and it is noted once", async () => {
  const headers = withCookies(await signedIn());
  const other = withCookies(await signedIn());
  const { outcome, cookies } = await auth.signOut(headers, caller);
  expect(outcome).toEqual({ kind: "signed_out" });
  expect(cookies).toEqual([expect.stringMatching(/^vane_[0-9a-f]{8}=; Max-Age=0; Path=\//)]);
  expect(await auth.sessionOf(headers)).toBeUndefined();
  expect(await auth.sessionOf(other)).toBeDefined();
  await auth.signOut(headers, caller);
  await auth.signOut(new Headers(), caller);
  expect((await audited()).filter((line) => line.includes("signed_out"))).toEqual([
    "user:olga@example.com user.signed_out olga@example.com 127.0.0.1",
  ]);
});

it("says so when the database does not answer, instead of taking somebody for a stranger", async () => {
  const headers = withCookies(await signedIn());
  await db.query("alter table session rename to elsewhere");
  const lost = { code: "database.unavailable" };
  await expect(auth.sessionOf(headers))
    .rejects.toMatchObject(lost)
    .finally(async () => {
      await db.query("alter table elsewhere rename to session");
    });
});
