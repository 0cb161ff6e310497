import { beforeEach, describe, expect, it } from "vitest";
import { DagId } from "../domain/ids";
import { createTestDb, untilWaiting } from "../testing/test-db";
import { importError } from "./import-error";
import type { LoadedFile } from "./load-file";
import type { Claims } from "./plan-sync";
import { retireDags, syncFile } from "./sync-dags";

const connect = await createTestDb();
const [db, other] = [await connect(), await connect()];

beforeEach(() => db.query("truncate dag, dag_version, bundle, inbox, import_error cascade"));

/** A folder of DAG files, as far as it matters here: which ids each one defines, in which state of its code. */
type Folder = Record<string, LoadedFile>;

const file = (code: string, ...ids: string[]): LoadedFile => ({
  kind: "loaded",
  bundle: { hash: `hash of ${code}`, code, sourceMap: "{}" },
  dags: ids.map((id) => ({
    id: DagId.parse(id),
    structure: `{"id":"${id}"}`,
    structureHash: `structure of ${code}`,
    pausedOnCreation: id === "paused",
    place: { file: `/project/${code}.ts`, line: 7, col: 1 },
  })),
  warnings: [],
});
const broken = (what: string): LoadedFile => ({
  kind: "failed",
  error: importError("schedule.invalid", what, { place: { file: "/project/a.ts", line: 14, col: 3 } }),
});

const claimsOf = (folder: Folder): Claims => {
  const defines = (name: string, dagId: DagId) => {
    const found = folder[name];
    return found?.kind === "loaded" && found.dags.some(({ id }) => id === dagId);
  };
  return {
    holds: (name, dagId) => folder[name]?.kind === "failed" || defines(name, dagId),
    lowestFile: (dagId) =>
      Object.keys(folder)
        .sort()
        .find((name) => defines(name, dagId)),
  };
};
const sync = (folder: Folder, name: string, lockfileHash = "lock", client = db) => {
  const result = folder[name];
  if (!result) throw new Error(`There is no ${name}.`);
  const shown = (path: string) => path.replace("/project/", "");
  return syncFile(client, { file: name, result, lockfileHash, claims: claimsOf(folder), shown });
};
const retire = (folder: Folder) =>
  retireDags(db, { claims: claimsOf(folder), isPresent: (name) => name in folder });

type Row = Record<string, unknown>;
const dags = async () =>
  (await db.query<Row>("select dag_id, file, paused, active from dag order by 1")).rows;
const versions = async () =>
  (await db.query<Row>("select dag_id, number, bundle_hash from dag_version order by 1, 2")).rows;
const inbox = async () =>
  (
    await db.query<{ told: string }>(
      "select dag_id || ' ' || kind || ' ' || payload as told from inbox order by id",
    )
  ).rows.map(({ told }) => told.replaceAll(/[ "]+/g, " "));
const errors = async () =>
  (await db.query<Row>("select file, code, sentence, line, dag_ids from import_error")).rows;
/** What its owner does with the inbox, in one flush. */
const ownerApplies = () =>
  db.query(`
    with told as (delete from inbox returning dag_id, id, kind, payload::json ->> 'version' as version)
    update dag d set current_version = t.version::int from told t
     where t.dag_id = d.dag_id and t.kind = 'version' and t.id = (select max(id) from told m where m.dag_id = d.dag_id)`);

describe("one file", () => {
  it("makes a new DAG, its first version and a word to whoever will own it, and notifies", async () => {
    const heard: unknown[] = [];
    other.on("notification", ({ channel, payload }) => heard.push([channel, payload]));
    await other.query("listen vane_dag");
    const counts = await sync({ "a.ts": file("v1", "a", "paused") }, "a.ts");
    await other.query("select 1");
    expect(counts.versions).toEqual([
      { dagId: "a", number: 1 },
      { dagId: "paused", number: 1 },
    ]);
    expect(await dags()).toEqual([
      { dag_id: "a", file: "a.ts", paused: false, active: true },
      { dag_id: "paused", file: "a.ts", paused: true, active: true },
    ]);
    expect(await inbox()).toEqual(["a version { version : 1}", "paused version { version : 1}"]);
    expect(heard).toEqual([
      ["vane_dag", "a"],
      ["vane_dag", "paused"],
    ]);
  });

  it("writes nothing when nothing has changed, whether its owner has heard of it or not", async () => {
    const folder = { "a.ts": file("v1", "a") };
    await sync(folder, "a.ts");
    expect((await sync(folder, "a.ts")).versions).toEqual([]);
    await ownerApplies();
    expect((await sync(folder, "a.ts")).versions).toEqual([]);
    expect(await inbox()).toEqual([]);
  });

  it("makes a version of other code, and of other packages", async () => {
    await sync({ "a.ts": file("v1", "a") }, "a.ts");
    await sync({ "a.ts": file("v2", "a") }, "a.ts");
    await sync({ "a.ts": file("v2", "a") }, "a.ts", "other lock");
    expect(await versions()).toMatchObject([
      { number: 1, bundle_hash: "hash of v1" },
      { number: 2, bundle_hash: "hash of v2" },
      { number: 3, bundle_hash: "hash of v2" },
    ]);
  });

  it.each([true, false])(
    "goes on counting when an edit is taken back (owner has applied: %s)",
    async (applied) => {
      await sync({ "a.ts": file("v1", "a") }, "a.ts");
      await sync({ "a.ts": file("v2", "a") }, "a.ts");
      if (applied) await ownerApplies();
      expect((await sync({ "a.ts": file("v1", "a") }, "a.ts")).versions).toEqual([{ dagId: "a", number: 3 }]);
      expect((await inbox()).at(-1)).toBe("a version { version : 3}");
      if (applied) await ownerApplies();
      expect((await sync({ "a.ts": file("v1", "a") }, "a.ts")).versions).toEqual([]);
    },
  );

  it("leaves people's and the owner's columns alone", async () => {
    await sync({ "a.ts": file("v1", "a") }, "a.ts");
    await db.query(
      "update dag set paused = true, current_version = 1, owner_epoch = 5, next_run = '2026-01-01'",
    );
    await db.query("delete from inbox");
    await sync({ "a.ts": file("v2", "a") }, "a.ts");
    const { rows } = await db.query("select paused, current_version, owner_epoch, next_run from dag");
    expect(rows).toEqual([
      { paused: true, current_version: 1, owner_epoch: expect.anything(), next_run: new Date("2026-01-01") },
    ]);
  });

  it("says of the same code with another structure that it is unstable", async () => {
    const first = file("v1", "a");
    await sync({ "a.ts": first }, "a.ts");
    const second = structuredClone(first);
    if (second.kind === "loaded") Object.assign(second.dags[0] ?? {}, { structureHash: "other" });
    expect(await sync({ "a.ts": second }, "a.ts")).toMatchObject({
      unstable: ["a"],
      versions: [{ number: 2 }],
    });
  });
});

describe("a broken file", () => {
  it("keeps the last good version of its DAGs, says so, and forgets it when mended", async () => {
    await sync({ "a.ts": file("v1", "a") }, "a.ts");
    await sync({ "a.ts": file("v2", "a") }, "a.ts");
    const folder = { "a.ts": broken('"0 25 * * *" is no cron line: hours go from 0 to 23.') };
    await sync(folder, "a.ts");
    await retire(folder);
    expect(await errors()).toEqual([
      {
        file: "a.ts",
        code: "schedule.invalid",
        sentence:
          'a.ts:14: "0 25 * * *" is no cron line: hours go from 0 to 23. The DAG keeps its last good version (v2).',
        line: 14,
        dag_ids: ["a"],
      },
    ]);
    expect(await dags()).toMatchObject([{ active: true }]);

    await sync({ "a.ts": file("v3", "a") }, "a.ts");
    expect(await errors()).toEqual([]);
  });

  it("promises nothing when it has no DAG yet, and names each when it has several", async () => {
    await sync({ "a.ts": broken("no.") }, "a.ts");
    expect(await errors()).toMatchObject([{ sentence: "a.ts:14: no.", dag_ids: [] }]);
    await sync({ "a.ts": file("v1", "b", "a") }, "a.ts");
    await sync({ "a.ts": broken("no.") }, "a.ts");
    expect(await errors()).toMatchObject([
      { sentence: "a.ts:14: no. Its DAGs keep their last good versions (a v1, b v1)." },
    ]);
  });

  it("may say what Postgres cannot store", async () => {
    await sync({ "a.ts": broken("NUL \0 and \ud800.") }, "a.ts");
    expect(await errors()).toMatchObject([{ sentence: "a.ts:14: NUL ␀ and \ufffd." }]);
  });

  it("goes with its error when it is deleted", async () => {
    await sync({ "a.ts": broken("no.") }, "a.ts");
    await retire({});
    expect(await errors()).toEqual([]);
  });
});

describe("files that go and move", () => {
  it("switches off what no file defines any more, tells its owner, and on again when it is back", async () => {
    await sync({ "a.ts": file("v1", "a", "b") }, "a.ts");
    await ownerApplies();
    const less = { "a.ts": file("v1", "a") };
    await sync(less, "a.ts");
    expect(await retire(less)).toEqual(["b"]);
    expect(await retire({})).toEqual(["a"]);
    expect(await retire({})).toEqual([]);
    expect(await dags()).toMatchObject([{ active: false }, { active: false }]);
    expect(await inbox()).toEqual(["b active { active :false}", "a active { active :false}"]);
    expect(await versions()).toHaveLength(2);

    await sync(less, "a.ts");
    expect((await dags())[0]).toMatchObject({ dag_id: "a", active: true });
    expect((await inbox()).at(-1)).toBe("a active { active :true}");
  });

  it("takes a DAG along to the file that has it now, without a version of its own", async () => {
    await sync({ "a.ts": file("v1", "a") }, "a.ts");
    const moved = { "z.ts": file("v1", "a") };
    expect((await sync(moved, "z.ts")).versions).toEqual([]);
    expect(await retire(moved)).toEqual([]);
    expect(await dags()).toMatchObject([{ file: "z.ts", active: true }]);
  });
});

describe("two files, one id", () => {
  const both = { "a.ts": file("va", "x"), "b.ts": file("vb", "x", "own") };

  it("gives it to the lower path on first sight, whichever is looked at first", async () => {
    await sync(both, "b.ts");
    await sync(both, "a.ts");
    expect(await dags()).toMatchObject([
      { dag_id: "own", file: "b.ts" },
      { dag_id: "x", file: "a.ts" },
    ]);
    expect(await errors()).toMatchObject([
      {
        file: "b.ts",
        code: "dag.duplicate_id",
        sentence: expect.stringMatching(/^vb\.ts:7: .*"x" belongs to a\.ts/),
      },
    ]);
  });

  it("leaves it with the file that had it first, also while that one is broken", async () => {
    await sync({ "b.ts": file("vb", "x") }, "b.ts");
    await sync(both, "a.ts");
    expect(await errors()).toMatchObject([{ file: "a.ts" }]);
    const folder = { "a.ts": file("va", "x"), "b.ts": broken("no.") };
    await sync(folder, "b.ts");
    await sync(folder, "a.ts");
    expect(await dags()).toMatchObject([{ dag_id: "x", file: "b.ts" }]);
  });

  it("moves it to the other when the holder lets go", async () => {
    await sync(both, "a.ts");
    await sync(both, "b.ts");
    const folder = { "a.ts": file("va2"), "b.ts": both["b.ts"] };
    await sync(folder, "a.ts");
    await sync(folder, "b.ts");
    expect(await retire(folder)).toEqual([]);
    expect(await dags()).toContainEqual({ dag_id: "x", file: "b.ts", paused: false, active: true });
    expect(await errors()).toEqual([]);
  });
});

it("lets two loaders take turns: one makes the version, the other finds it made", async () => {
  const observer = await connect();
  const folder = { "a.ts": file("v1", "a") };
  await observer.query("begin");
  await observer.query("lock dag in exclusive mode");
  const race = Promise.all([sync(folder, "a.ts"), sync(folder, "a.ts", "lock", other)]);
  await untilWaiting(observer, 2); // one for the table, one for the other loader
  await observer.query("commit");
  const made = (await race).map(({ versions: { length } }) => length);
  expect(made.sort()).toEqual([0, 1]);
  expect(await versions()).toHaveLength(1);
  expect(await inbox()).toHaveLength(1);
});

it("keeps a file's warnings where its errors would stand, until it is mended", async () => {
  const place = { file: "/project/a.ts", line: 4, col: 1 };
  const warning = { code: "dag.not_exported", sentence: "DAG lost is made and not exported.", place };
  const lost = { ...file("a"), warnings: [warning, { ...warning, sentence: "And another." }] } as LoadedFile;
  const counts = await sync({ "a.ts": lost }, "a.ts");
  expect(counts).toMatchObject({ error: undefined });
  const { rows } = await db.query<Row>("select file, severity, code, sentence, line from import_error");
  expect(rows).toEqual([
    {
      ...{ file: "a.ts", severity: "warning", code: "dag.not_exported", line: 4 },
      sentence: "a.ts:4: DAG lost is made and not exported.\na.ts:4: And another.",
    },
  ]);
  await sync({ "a.ts": file("b", "x") }, "a.ts");
  expect((await db.query("select from import_error")).rowCount).toBe(0);
});
