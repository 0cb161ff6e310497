import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, expect, it } from "vitest";
import { noteConnectionUse } from "../db/sql/note-connection-use";
import { putConnection } from "../db/sql/put-connection";
import { query } from "../db/sql/statement";
import { DagId, TaskId } from "../domain/ids";
import { aProject } from "../testing/command-line";
import { createTestDb } from "../testing/test-db";
import { encrypt } from "./encryption";
import { KeyRing, newSecretKey } from "./key-ring";
import { ofConnection } from "./places";
import { resolveConnection, resolveVariable, type SecretSources } from "./resolve";
import { rotateSecrets } from "./rotate";

const CANARY = "canary-7f3a/91+x";
const URL_WITH_CANARY = `postgres://app:${encodeURIComponent(CANARY)}@db.internal:5432/prices?sslmode=require`;

const connect = await createTestDb();
const db = await connect();
const { vane, home, runFile, remove } = await aProject(db);
afterAll(remove);

const json = (text: string): unknown => JSON.parse(text);

async function keysOfHome(): Promise<KeyRing> {
  const { keys } = JSON.parse(await readFile(join(home, "key.json"), "utf8")) as { keys: unknown };
  return KeyRing.parse(keys);
}

const sources = (keys: KeyRing, client: Client = db): SecretSources => ({
  keys,
  environment: { connections: {}, variables: {} },
  ask: (statement) => query(client, statement),
});

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const { rows } = await db.query<{ name: string }>(
    "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'",
  );
  const tables = await Promise.all(
    rows.map(({ name }) => db.query<{ line: string }>(`select t::text as line from ${name} t`)),
  );
  return tables.flatMap((table) => table.rows.map(({ line }) => line)).join("\n");
}

it("adds a connection through stdin, shows all of it but the secrets, and says who did so", async () => {
  const added = await vane(["connections", "add", "main"], { input: `${URL_WITH_CANARY}\n` });
  expect(added).toEqual({ exit: 0, out: "main is added. `vane connections test main` tries it.\n", err: "" });
  const parts = [
    "--kind",
    "http",
    "--host",
    "market.example",
    "--login",
    "reader",
    "--extra",
    '{"api_key":"k-canary"}',
  ];
  const changed = await vane(["connections", "add", "market", ...parts], { answers: [CANARY] });
  expect(changed.err).toBe("Password (not shown, empty for none): ");
  await vane(["connections", "add", "bot", "--json", "-"], {
    input: `{"conn_type":"telegram","host":"-100","password":"12:${CANARY}"}`,
  });

  const list = await vane(["connections", "list"]);
  expect(list.out).toMatch(/^conn_id +conn_type +host +port +schema +login +source +updated +by\n/);
  expect(list.out).toMatch(/\nmain +postgres +db\.internal +5432 +prices +app +database +.* cli:/);
  expect(json((await vane(["connections", "get", "main", "--output", "json"])).out)).toEqual({
    ...{ conn_id: "main", conn_type: "postgres", host: "db.internal", login: "app", port: 5432 },
    ...{ schema: "prices", extra: '{"sslmode":"require"}', source: "database" },
    ...{ password: "***", secrets: { password: "***" }, used_by: [] },
  });
  const market = await vane(["connections", "get", "market"]);
  expect(market.out).toContain("password:  ***\napi_key:   ***\n".split("\n")[0]);
  expect(JSON.stringify([added, changed, list, market])).not.toContain("canary-7f3a");

  const audit = await db.query("select principal, action, subject from audit_event order by id");
  const principal = expect.stringMatching(/^cli:/);
  expect(audit.rows).toEqual([
    { principal, action: "connection.added", subject: "main" },
    { principal, action: "connection.added", subject: "market" },
    { principal, action: "connection.added", subject: "bot" },
  ]);
});

it("tells which tasks were told a connection and when last, and forgets it with the connection", async () => {
  const [prices, scores] = [DagId.parse("prices"), DagId.parse("scores")];
  await vane(["connections", "add", "used", "--url", "https://x.example"]);
  await query(db, noteConnectionUse({ id: "used", dagId: scores, taskId: null }));
  await db.query("update connection_use set used_at = '2026-11-24T14:30:00Z'");
  for (let times = 0; times < 2; times++) {
    await query(db, noteConnectionUse({ id: "used", dagId: prices, taskId: TaskId.parse("load") }));
  }
  const { out } = await vane(["connections", "get", "used"]);
  expect(out).toMatch(/\nused by: +prices load, last \S+\nused by: +scores, last 2026-11-24T14:30:00Z\n$/);
  expect(json((await vane(["connections", "get", "used", "--output", "json"])).out)).toMatchObject({
    used_by: [
      { dag_id: "prices", task_id: "load" },
      { dag_id: "scores", task_id: null, used_at: "2026-11-24T14:30:00.000Z" },
    ],
  });

  // Within a minute the row stays as it is; later it moves on.
  const stamps = async () => {
    const { rows } = await db.query<{ at: Date }>("select used_at as at from connection_use order by dag_id");
    return rows.map(({ at }) => at.getTime());
  };
  const before = await stamps();
  await query(db, noteConnectionUse({ id: "used", dagId: prices, taskId: TaskId.parse("load") }));
  await query(db, noteConnectionUse({ id: "used", dagId: scores, taskId: null }));
  const after = await stamps();
  expect([after[0] === before[0], (after[1] ?? 0) > (before[1] ?? 0)]).toEqual([true, true]);

  await vane(["connections", "delete", "used"]);
  expect(await stamps()).toEqual([]);
});

it("sets variables, prints what is no secret by its name, and tells of a change", async () => {
  await vane(["variables", "set", "region", "eu"]);
  await vane(["variables", "set", "api_token"], { input: `${CANARY}\n` });
  const said = await vane(["variables", "set", "region", "us"]);
  expect(said).toMatchObject({ exit: 0, out: "region is changed.\n" });
  expect((await vane(["variables", "get", "region"])).out).toBe("us\n");
  expect(json((await vane(["variables", "get", "api_token", "--output", "json"])).out)).toEqual({
    ...{ key: "api_token", value: "***" },
  });
  expect((await vane(["variables", "list"])).out).toMatch(
    /^key +source.*\napi_token +database.*\nregion +database/,
  );
});

it("resolves what was written, with its secrets", async () => {
  const from = sources(await keysOfHome());
  expect(await resolveConnection(from, "main")).toMatchObject({
    ...{ kind: "postgres", url: URL_WITH_CANARY, secrets: { password: CANARY, url: URL_WITH_CANARY } },
  });
  expect(await resolveConnection(from, "bot")).toMatchObject({ secrets: { token: `12:${CANARY}` } });
  expect(await resolveVariable(from, "api_token")).toEqual({ value: CANARY });
  const environment = { connections: { MAIN: "https://x.example" }, variables: { API_TOKEN: "other" } };
  expect(await resolveConnection({ ...from, environment }, "main")).toMatchObject({ kind: "http" });
  expect(await resolveVariable({ ...from, environment }, "api-token")).toEqual({ value: "other" });
});

it("leaves no secret in any table, in any form", async () => {
  const text = await dump();
  expect(text).toContain("db.internal");
  for (const form of [CANARY, encodeURIComponent(CANARY), "canary-7f3a", "k-canary", "Y2FuYXJ5"])
    expect(text).not.toContain(form);
});

it("refuses a row that was moved, and one whose key is gone, with what to do", async () => {
  await db.query(
    "insert into connection select 'stolen', kind, host, port, login, schema, extra, secrets from connection where id = 'main'".replace(
      "secrets from",
      "secrets, now(), 'x' from",
    ),
  );
  const from = sources(await keysOfHome());
  expect(await resolveConnection(from, "stolen")).toEqual({
    refused: expect.stringMatching(/cannot be decrypted: its row was changed. Enter it again: .* add stolen/),
  });
  expect(await resolveConnection(sources([newSecretKey()]), "main")).toEqual({
    refused: expect.stringMatching(
      /encrypted with the key \w+, which this Vane does not have. Put that key back/,
    ),
  });
  await db.query("delete from connection where id = 'stolen'");
});

it("rotates in slices, goes on where it was cut off, and leaves what is written meanwhile", async () => {
  const old = await keysOfHome();
  const [young] = [newSecretKey()];
  const ring = [young, ...old];
  const many = Array.from({ length: 250 }, (_, i) => `many_${String(i).padStart(3, "0")}`);
  for (const id of many) {
    const secrets = encrypt(old, ofConnection(id), JSON.stringify({ password: id }));
    const none = { host: null, port: null, login: null, schema: null, extra: {} };
    await query(db, putConnection({ id, kind: "generic", ...none, secrets, by: { principal: "test" } }));
  }
  const { ask } = sources(ring);
  let replaced = 0;
  const cutOff: SecretSources["ask"] = async (statement) => {
    if (statement.name.startsWith("replace_") && ++replaced > 120) throw new Error("cut off");
    return ask(statement);
  };
  await expect(rotateSecrets({ keys: ring, ask: cutOff })).rejects.toThrow("cut off");
  const rows = await db.query("select from connection where secrets like $1", [`{"key":"${young.id}"%`]);
  expect(rows.rowCount).toBe(120);

  const meanwhile: SecretSources["ask"] = async (statement) => {
    if (statement.name === "replace_connection_secrets" && statement.values[0] === "many_200") {
      await db.query("update connection set secrets = $1 where id = 'many_200'", [
        encrypt(old, ofConnection("many_200"), '{"password":"newer"}'),
      ]);
    }
    return ask(statement);
  };
  const left = 253 - 120 - 1;
  expect(await rotateSecrets({ keys: ring, ask: meanwhile })).toEqual({ renewed: left + 2, unreadable: 0 });
  expect(await resolveConnection(sources(ring), "many_200")).toMatchObject({
    secrets: { password: "newer" },
  });
  expect(await rotateSecrets({ keys: ring, ask })).toEqual({ renewed: 1, unreadable: 0 });
  expect(await rotateSecrets({ keys: ring, ask })).toEqual({ renewed: 0, unreadable: 0 });
  expect(await resolveConnection(sources([young]), "main")).toMatchObject({ kind: "postgres" });

  await writeFile(join(home, "key.json"), await withKeys([young]));
  await db.query("delete from connection where id like 'many%'");
});

async function withKeys(keys: KeyRing): Promise<string> {
  const content = JSON.parse(await readFile(join(home, "key.json"), "utf8")) as object;
  return JSON.stringify({ ...content, keys });
}

it("shows what the running system's environment defines as read-only, and what it hides", async () => {
  const content = JSON.parse(await readFile(runFile, "utf8")) as object;
  const environment = { connections: ["MAIN", "MY_DB"], variables: ["REGION"] };
  await writeFile(runFile, JSON.stringify({ ...content, environment }));
  const { out } = await vane(["connections", "list", "--output", "json"]);
  expect(
    (json(out) as { conn_id: string; source: string }[]).map(({ conn_id, source }) => [conn_id, source]),
  ).toEqual([
    ...[
      ["main", "environment"],
      ["my_db", "environment"],
      ["bot", "database"],
    ],
    ...[
      ["main", "database, hidden by the environment"],
      ["market", "database"],
    ],
  ]);
  expect((await vane(["connections", "get", "my-db"])).out).toContain("environment: VANE_CONN_MY_DB");
  expect(await vane(["connections", "delete", "my-db"])).toMatchObject({
    ...{ exit: 6, err: expect.stringContaining("my-db comes from VANE_CONN_MY_DB in the environment") },
  });
  expect((await vane(["connections", "test", "my-db"])).err).toContain("Give this command the same variable");
  expect((await vane(["variables", "get", "region"])).err).toContain("what it says stays there");
  const said = await vane(["connections", "add", "main", "--url", "postgres://db/x"]);
  expect(said.err).toContain("It is hidden by VANE_CONN_MAIN");
});

it.each([
  [["connections", "get", "makret"], 4, "There is no connection makret. Did you mean market?"],
  [["connections", "delete", "nothing_like_it"], 4, "`vane connections list` shows them all."],
  [["connections", "add", "a b", "--url", "x"], 2, "Letters, digits, _, - and . are wanted"],
  [["connections", "add", "x", "--url", "nonsense"], 2, "Connection x was not added: it is neither a URL"],
  [["connections", "add", "x", "--url", "postgres://a", "--kind", "http"], 2, "not several"],
  [["connections", "add", "x", "--kind", "ftp"], 2, "Allowed choices are postgres, http, telegram, generic."],
  [["variables", "get", "reigon"], 4, "There is no variable reigon. Did you mean region?"],
  [["variables", "delete", "nothing_like_it"], 4, "`vane variables list` shows them all."],
])("answers %j with %i and a sentence", async (words, exit, sentence) => {
  const said = await vane(words);
  expect(said).toMatchObject({ exit, out: "" });
  expect(said.err).toContain(sentence);
});

it("warns of a secret in argv, deletes, and is not surprised by a second time", async () => {
  const said = await vane(["connections", "add", "loud", "--url", "https://T0KEN@x.example"]);
  expect(said.err).toContain("shell's history");
  expect(await vane(["connections", "delete", "loud"])).toMatchObject({ exit: 0, out: "loud is deleted.\n" });
  expect((await vane(["connections", "delete", "loud"])).exit).toBe(4);
  const actions = await db.query("select action from audit_event where subject = 'loud' order by id");
  expect(actions.rows).toEqual([{ action: "connection.added" }, { action: "connection.deleted" }]);
});
