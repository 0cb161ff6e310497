import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { createUser } from "../commands/create-user";
import { resetPassword } from "../commands/reset-password";
import { startApi } from "../testing/api-server";
import { startAuth, withCookies } from "../testing/auth";
import { createTestDb, untilWaiting } from "../testing/test-db";
import type { SignInOutcome } from "./auth.types";
import { takeTry } from "./throttle";

vi.setConfig({ testTimeout: 30_000 }); // each look at a password takes its 100 ms, on purpose

const connect = await createTestDb();
const [db, other] = await Promise.all([connect(), connect()]);
const { auth, pool, stop } = await startAuth(db);
afterAll(stop);

const caller = { address: "127.0.0.1", userAgent: "Test/1" };
const olga = { email: "olga@example.com", password: "correct horse battery" };
const wrong = { ...olga, password: "incorrect horse battery" };
const door = { db, principal: "cli:test" };

beforeEach(async () => {
  await db.query(`truncate "user", session, account, rate_limit, audit_event cascade`);
  await createUser(door, { ...olga, name: "Olga", role: "op" });
});

const signIn = async (input: typeof olga, address = "127.0.0.1"): Promise<SignInOutcome> =>
  (await auth.signIn(input, { ...caller, address })).outcome;

/** As many wrong passwords, counted and not looked at. */
async function wrongTries(count: number, email = olga.email) {
  for (let n = 0; n < count; n++) await takeTry(pool, email, "127.0.0.1");
}

const points = async () => {
  const { rows } = await db.query<{ points: number }>("select points from rate_limit order by points");
  return rows.map((row) => row.points);
};

const ofKind = <K extends SignInOutcome["kind"]>(outcomes: readonly SignInOutcome[], kind: K) =>
  outcomes.filter((outcome): outcome is Extract<SignInOutcome, { kind: K }> => outcome.kind === kind);

it("looks at ten of forty wrong passwords that come at once, and refuses the rest", async () => {
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => signIn(wrong)));
  const left = ofKind(outcomes, "wrong").map(({ triesLeft }) => triesLeft);
  expect(left.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const refused = ofKind(outcomes, "throttled");
  expect(refused).toHaveLength(30);
  for (const { retryAfterSeconds } of refused) {
    expect(retryAfterSeconds).toBeGreaterThan(850);
    expect(retryAfterSeconds).toBeLessThanOrEqual(900);
  }
  expect(await points()).toEqual([10, 10]);
  const noted = await db.query("select from audit_event where action = 'user.sign_in_failed'");
  expect(noted.rowCount).toBe(10);
});

it("refuses the right password, too, from wherever it comes, until the time is over", async () => {
  await wrongTries(10);
  expect(await signIn(olga, "192.0.2.1")).toMatchObject({ kind: "throttled" });
  await db.query("update rate_limit set expires_at = now() + interval '61 seconds'");
  expect(await signIn(olga)).toEqual({ kind: "throttled", retryAfterSeconds: 61 });
  await db.query("update rate_limit set expires_at = now()");
  expect(await signIn(olga)).toEqual({ kind: "signed_in" });
});

it("counts an account that nobody has like any other", async () => {
  const nobody = { ...wrong, email: "nobody@example.com" };
  await wrongTries(9, nobody.email);
  expect(await signIn(nobody)).toEqual({ kind: "wrong", triesLeft: 0 });
  expect(await signIn(nobody)).toMatchObject({ kind: "throttled" });
});

it("does not count what was right", async () => {
  for (let n = 0; n < 3; n++) expect(await signIn(olga)).toEqual({ kind: "signed_in" });
  expect(await points()).toEqual([0, 0]);
  await signIn(wrong);
  expect(await signIn(olga)).toEqual({ kind: "signed_in" });
  expect(await signIn(wrong)).toEqual({ kind: "wrong", triesLeft: 8 });
});

it("looks at fifty from one address, whatever accounts they are for; of the others none is counted", async () => {
  const tries = await Promise.all(
    Array.from({ length: 56 }, (_, n) => takeTry(pool, `account-${n % 8}@example.com`, "127.0.0.1")),
  );
  expect(tries.filter(({ kind }) => kind === "allowed")).toHaveLength(50);
  const [all, ...each] = (await points()).reverse();
  expect([all, each.reduce((sum, n) => sum + n, 0)]).toEqual([50, 50]);
  expect(await signIn(olga)).toMatchObject({ kind: "throttled" });
  expect(await signIn(olga, "192.0.2.1")).toEqual({ kind: "signed_in" });
});

it("takes the addresses of one IPv6 network for one", async () => {
  await takeTry(pool, "olga@example.com", "2001:db8::1");
  await takeTry(pool, "ivan@example.com", "2001:DB8:0:0:ffff::2");
  await takeTry(pool, "ada@example.com", "::ffff:192.0.2.1");
  await takeTry(pool, "eve@example.com", "192.0.2.1");
  expect(await points()).toEqual([1, 1, 1, 1, 2, 2]);
});

it("counts by the address of the socket, whatever a header says", async () => {
  const api = await startApi({ db, auth });
  const headers = ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "x-vane-address"];
  for (const [n, header] of headers.entries()) {
    const input = { ...wrong, email: `account-${n}@example.com` };
    const { body } = await api.mutate("door.signIn", input, { [header]: `192.0.2.${n}` });
    expect(body).toMatchObject({ result: { data: { kind: "wrong" } } });
  }
  await api.stop();
  expect(await points()).toEqual([1, 1, 1, 1, 1, 5]);
  const { rows } = await db.query("select distinct address from audit_event where address is not null");
  expect(rows).toEqual([{ address: "127.0.0.1" }]);
});

it("lets in again who got a new password", async () => {
  await wrongTries(10);
  const next = { ...olga, password: "a password that is new" };
  expect(await resetPassword(door, next)).toEqual({ kind: "reset", sessionsEnded: 0 });
  expect(await signIn(next)).toEqual({ kind: "signed_in" });
  expect(await signIn(olga)).toMatchObject({ kind: "wrong" });
});

it("ends all sessions with a new password, and nobody else's", async () => {
  const ivan = { email: "ivan@example.com", password: "another horse battery" };
  await createUser(door, { ...ivan, name: "Ivan", role: "viewer" });
  const [first, second, others] = [
    withCookies((await auth.signIn(olga, caller)).cookies),
    withCookies((await auth.signIn(olga, caller)).cookies),
    withCookies((await auth.signIn(ivan, caller)).cookies),
  ];
  const reset = await resetPassword(door, { ...olga, password: "a password that is new" });
  expect(reset).toEqual({ kind: "reset", sessionsEnded: 2 });
  expect(await Promise.all([first, second, others].map((headers) => auth.sessionOf(headers)))).toEqual([
    ...[undefined, undefined, expect.objectContaining({ name: "Ivan" })],
  ]);
});

it("lets nobody in by the old password while it is being changed: the change comes first", async () => {
  await other.query("begin");
  await other.query("update account set password = 'salt:other'");
  const signingIn = signIn(olga);
  await untilWaiting(db);
  await other.query("commit");
  expect(await signingIn).toMatchObject({ kind: "wrong" });
  expect((await db.query("select from session")).rowCount).toBe(0);
});

it("lets nobody in by the old password while it is being changed: the sign-in comes first", async () => {
  const observer = await connect();
  await other.query("begin");
  await other.query("lock table audit_event in share mode");
  const signingIn = signIn(olga);
  await untilWaiting(observer);
  const resetting = resetPassword(door, { ...olga, password: "a password that is new" });
  await untilWaiting(observer, 2);
  await other.query("commit");
  expect(await signingIn).toEqual({ kind: "signed_in" });
  expect(await resetting).toMatchObject({ kind: "reset" });
  expect((await db.query("select from session")).rowCount).toBe(0);
});
