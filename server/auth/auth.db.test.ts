import { afterAll, beforeEach, expect, inject, it } from "vitest";
import { createUser } from "../commands/create-user";
import { openPool } from "../db/pool";
import { silentLog } from "../platform/log";
import { withDatabase } from "../supervisor/embedded-postgres";
import { createTestDb } from "../testing/test-db";
import { openAuth } from "./auth";
import { authOptions } from "./options";
import { newSetUpToken } from "./set-up-link";

const connect = await createTestDb();
const db = await connect();
const pool = openPool(withDatabase(inject("adminUrl"), db.database ?? ""), { name: "test", max: 10 });
afterAll(() => pool.end());

const token = newSetUpToken();
const installKey = "ab".repeat(32);
const options = {
  ...authOptions(installKey, token),
  ...{ db: pool, publicUrl: "http://127.0.0.1:8080", log: silentLog },
};
const auth = await openAuth(options);
const caller = { address: "127.0.0.1", userAgent: "Test/1" };
const olga = { email: "olga@example.com", password: "correct horse battery" };

beforeEach(async () => {
  await db.query(`truncate "user", session, account, verification, rate_limit, audit_event cascade`);
  await createUser({ db, principal: "cli:test" }, { ...olga, name: "Olga", role: "op" });
});

const withCookies = (cookies: readonly string[]) =>
  new Headers({ cookie: cookies.map((cookie) => cookie.split(";")[0]).join("; ") });

it("lets in who has the password, with a cookie that belongs to this installation", async () => {
  const { outcome, cookies } = await auth.signIn(olga, caller);
  expect(outcome).toEqual({ kind: "signed_in" });
  expect(cookies).toEqual([
    expect.stringMatching(/^vane_[0-9a-f]{8}=[^;]+; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
  expect(await auth.sessionOf(withCookies(cookies))).toMatchObject({
    ...{ name: "Olga", email: olga.email, role: "op" },
  });
});
