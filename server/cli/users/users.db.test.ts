import { userInfo } from "node:os";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { startAuth, dumpRows } from "../../testing/auth";
import { aProject } from "../../testing/command-line";
import { createTestDb } from "../../testing/test-db";

vi.setConfig({ testTimeout: 30_000 }); // each look at a password takes its 100 ms, on purpose

const db = await (await createTestDb())();
const { vane, remove } = await aProject(db);
const { auth, stop } = await startAuth(db);
afterAll(() => Promise.all([remove(), stop()]));
beforeEach(async () => {
  await db.query(`truncate "user", session, account, rate_limit, audit_event cascade`);
});

const PASSWORD = "correct horse battery";
const create = ["users", "create", "--email", "Olga@Example.com", "--name", "Olga", "--role", "op"];
const reset = ["users", "reset-password", "--email", "olga@example.com"];
const piped = { input: `${PASSWORD}\n` };
const signIn = async (password: string) =>
  (await auth.signIn({ email: "olga@example.com", password }, { address: "127.0.0.1", userAgent: "" }))
    .outcome.kind;

it("lets somebody sign in by a password from a pipe, notes who did it, and keeps the password to itself", async () => {
  const said = await vane([...create, "--password-stdin"], piped);
  expect(said).toEqual({
    exit: 0,
    err: "",
    out: "Olga may sign in as olga@example.com, with the role op.\n",
  });
  expect(await signIn(PASSWORD)).toBe("signed_in");
  const { rows } = await db.query(
    "select principal, action, subject, detail, address from audit_event order by id limit 1",
  );
  expect(rows).toEqual([
    {
      ...{ principal: `cli:${userInfo().username}`, action: "user.created", subject: "olga@example.com" },
      ...{ detail: '{"role": "op"}', address: null },
    },
  ]);
  expect(await dumpRows(db)).not.toContain(PASSWORD);
});

it("asks for the password twice", async () => {
  const said = await vane(create, { answers: [PASSWORD, PASSWORD] });
  expect(said).toMatchObject({ exit: 0, err: "Password (not shown): The same again: " });
  const other = await vane([...create.slice(0, 2), "--email", "ivan@example.com", ...create.slice(4)], {
    answers: [PASSWORD, "another horse battery"],
  });
  expect(other).toMatchObject({
    exit: 2,
    err: expect.stringContaining("the two passwords are not the same"),
  });
});

it.each([
  [
    "a password that is too short",
    [...create, "--password-stdin"],
    { input: "horse\n" },
    /this password will not do. At least 12/,
  ],
  ["nobody to ask", create, {}, /nobody can be asked for a password here.*--password-stdin/],
  [
    "a role that is misspelt",
    [...create.slice(0, 6), "--role", "admn"],
    piped,
    /Did you mean admin\? Roles are viewer, user, op and admin\./,
  ],
  [
    "an address that is none",
    ["users", "create", "--email", "olga", ...create.slice(4)],
    piped,
    /This is no email address/,
  ],
  [
    "a name that would turn the line around",
    [...create.slice(0, 4), "--name", "\u202eagro", "--role", "op"],
    piped,
    /Only characters that can be seen/,
  ],
  ["no name", [...create.slice(0, 4), "--role", "op"], piped, /required option '--name/],
] as const)("refuses %s, and makes nobody", async (_what, words, surroundings, sentence) => {
  const said = await vane([...words], surroundings);
  expect(said).toMatchObject({ exit: 2, out: "", err: expect.stringMatching(sentence) });
  expect((await db.query(`select from "user"`)).rowCount).toBe(0);
});

it("refuses an address that somebody has, whatever its case", async () => {
  await vane([...create, "--password-stdin"], piped);
  const said = await vane([...create, "--password-stdin"], piped);
  expect(said).toMatchObject({
    exit: 6,
    err: expect.stringContaining("vane users reset-password --email olga@example.com"),
  });
  expect((await db.query("select from audit_event")).rowCount).toBe(1);
});

it("gives a new password, and ends what is open under the old one", async () => {
  await vane([...create, "--password-stdin"], piped);
  await signIn(PASSWORD);
  const next = "a password that is new";
  const said = await vane([...reset, "--password-stdin"], { input: next });
  expect(said).toEqual({
    exit: 0,
    err: "",
    out: "olga@example.com has a new password. 1 session has ended.\n",
  });
  expect([await signIn(PASSWORD), await signIn(next)]).toEqual(["wrong", "signed_in"]);
  const { rows } = await db.query("select detail from audit_event where action = 'user.password_reset'");
  expect(rows).toEqual([{ detail: '{"sessionsEnded": 1}' }]);
});

it("says whom one may have meant, before it asks for a password", async () => {
  await vane([...create, "--password-stdin"], piped);
  const said = await vane(["users", "reset-password", "--email", "olg@example.com"]);
  expect(said).toMatchObject({
    exit: 4,
    err: "Nobody signs in as olg@example.com. Did you mean olga@example.com?\n",
  });
});

it("lists who may sign in, for people and for programs", async () => {
  expect(await vane(["users", "list"])).toMatchObject({
    exit: 0,
    out: "",
    err: expect.stringMatching(/^Nobody may sign in yet/),
  });
  await vane([...create, "--password-stdin"], piped);
  await signIn(PASSWORD);
  await db.query(`update "user" set banned = true, created_at = '2026-11-24T14:30:00Z'`);
  expect((await vane(["users", "list"])).out).toBe(
    "email             name  role          sessions  created\n" +
      "olga@example.com  Olga  op, disabled  1         2026-11-24T14:30:00Z\n",
  );
  const { out } = await vane(["users", "list", "--output", "json"]);
  expect(JSON.parse(out)).toEqual([
    {
      ...{ email: "olga@example.com", name: "Olga", role: "op", disabled: true, sessions: 1 },
      created_at: "2026-11-24T14:30:00.000Z",
    },
  ]);
});

it("prints one object of what it did, when asked", async () => {
  const made = await vane(["--output", "json", ...create, "--password-stdin"], piped);
  expect(JSON.parse(made.out)).toEqual({ email: "olga@example.com", name: "Olga", role: "op" });
  const changed = await vane(["--output", "json", ...reset, "--password-stdin"], piped);
  expect(JSON.parse(changed.out)).toEqual({ email: "olga@example.com", sessions_ended: 0 });
});

it("has exit code 3 where no Vane runs", async () => {
  const said = await vane(["--project", "/nowhere", ...create, "--password-stdin"], piped);
  expect(said).toMatchObject({ exit: 3, err: expect.stringContaining("not running") });
});
