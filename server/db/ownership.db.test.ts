import { randomUUID } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import { DagId, ProcessId } from "../domain/ids";
import { seedDag, seedOwner, seedRun } from "../testing/seed";
import { createTestDb } from "../testing/test-db";
import { insertCommand } from "./sql/insert-command";
import { claimDags } from "./sql/claim-dags";
import { countShare } from "./sql/count-share";
import { quarantineDag } from "./sql/quarantine-dag";
import { query } from "./sql/statement";

const connect = await createTestDb();
const db = await connect();
const me = ProcessId.parse(randomUUID());
const hello = DagId.parse("hello");

beforeEach(async () => {
  await db.query("truncate process, dag, dag_version, dag_run, command cascade");
  await seedDag(db);
});

const claim = async () => (await query(db, claimDags(me, 10))).map(({ dagId }) => dagId);
const dags = async () => (await query(db, countShare))[0]?.dags;
const row = async () =>
  (await db.query<Record<string, unknown>>("select owner, quarantine, owner_epoch from dag")).rows[0];

it("counts for the share what a claim may take, and what is owned", async () => {
  await db.query("update dag set active = false");
  expect(await dags()).toBe(0);
  expect(await claim()).toEqual([]);

  await seedRun(db);
  expect(await dags()).toBe(1);
  expect(await claim()).toEqual(["hello"]);
  await db.query("update dag_run set state = 'failed', reason = 'error', ended_at = now()");
  expect(await dags()).toBe(1);
});

it("counts one that is wanted for the sake of a command only", async () => {
  await db.query("update dag set active = false");
  const args = { dagId: hello, idempotencyKey: "of-a-test" };
  await query(db, insertCommand({ by: { principal: "cli:olga" }, kind: "cancel_run", args, asked: "{}" }));
  expect(await dags()).toBe(1);
  expect(await claim()).toEqual(["hello"]);
});

it("leaves a DAG in quarantine alone, for a minute or until it has a new version", async () => {
  const owner = await seedOwner(db, "hello");
  await query(db, quarantineDag(owner, hello, 1, "its structure cannot be read: \0"));
  expect(await row()).toMatchObject({ owner: null, quarantine: "its structure cannot be read: \uFFFD" });
  expect(await dags()).toBe(0);
  expect(await claim()).toEqual([]);

  await db.query("update dag set quarantined_at = now() - interval '61 seconds'");
  expect(await dags()).toBe(1);
  expect(await claim()).toEqual(["hello"]);
  expect(await row()).toMatchObject({ owner: me, quarantine: null, owner_epoch: 2 });

  await query(db, quarantineDag(me, hello, 2, "again"));
  expect(await claim()).toEqual([]);
  await db.query(
    `insert into dag_version (dag_id, number, bundle_hash, structure_hash, structure, format, lockfile_hash)
     values ('hello', 2, 'b', 's', '{}', 1, '')`,
  );
  expect(await claim()).toEqual(["hello"]);
});

it("says why to those whose commands wait, and only its owner may", async () => {
  const owner = await seedOwner(db, "hello");
  const args = { dagId: hello, idempotencyKey: "of-a-test" };
  await query(db, insertCommand({ by: { principal: "cli:olga" }, kind: "cancel_run", args, asked: "{}" }));
  await query(db, quarantineDag(owner, hello, 2, "of another claim"));
  await query(db, quarantineDag(me, hello, 1, "of another owner"));
  expect(await row()).toMatchObject({ owner, quarantine: null });

  await query(db, quarantineDag(owner, hello, 1, "No row for task save."));
  const { rows } = await db.query<{ outcome: string }>("select outcome from command");
  expect(rows.map(({ outcome }) => JSON.parse(outcome) as unknown)).toEqual([
    { kind: "expired", sentence: "hello is in quarantine, so nothing was done: No row for task save." },
  ]);
});
