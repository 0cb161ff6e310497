import type { Row, Transaction, Value } from "./rows";
import { cell, expectRows, isOpen, lives, unnest, type Statement } from "./statement-parts";

const QUARANTINE_MS = 60_000;

function needsOwner(db: Transaction, dag: Row): boolean {
  const id = dag["dag_id"];
  const wanted =
    dag["active"] === true ||
    db.rows("dag_run").some((run) => run["dag_id"] === id && isOpen(run)) ||
    db.rows("command").some((command) => command["dag_id"] === id && command["outcome"] === null);
  const sinceMs = Number(dag["quarantined_at"]);
  const newVersion = db
    .rows("dag_version")
    .some((version) => version["dag_id"] === id && Number(version["created_at"]) > sinceMs);
  const rests = dag["quarantine"] !== null && db.now.getTime() - sinceMs <= QUARANTINE_MS && !newVersion;
  return wanted && !rests;
}

export const claimDags: Statement = (db, [owner, limit, format]) => {
  const free = db.rows("dag").filter((dag) => {
    const id = dag["dag_id"];
    const readable = db.rows("dag_version").every((version) => {
      return version["dag_id"] !== id || Number(version["format"]) <= Number(format);
    });
    return needsOwner(db, dag) && readable && !(db.rules.claimsFreeOnly && lives(db, dag["owner"]));
  });
  const due = ({ next_run: nextRun }: Row) => (nextRun instanceof Date ? nextRun.getTime() : Infinity);
  free.sort((a, b) => due(a) - due(b) || (String(a["dag_id"]) < String(b["dag_id"]) ? -1 : 1));
  return free.slice(0, Number(limit)).map((dag) => {
    const epoch = Number(dag["owner_epoch"]) + 1;
    const claimed = { owner: cell(owner), owner_epoch: epoch, quarantine: null, quarantined_at: null };
    db.put("dag", String(dag["dag_id"]), { ...dag, ...claimed });
    return { dag_id: dag["dag_id"] ?? null, owner_epoch: epoch };
  });
};

/** DAGs of which the owner still has the epoch that it says. */
export function ofOwner(db: Transaction, owner: Value | undefined, wanted: readonly Row[]) {
  return wanted.flatMap((want) => {
    const dag = db.find("dag", String(want["dag_id"]));
    return dag?.["owner"] === cell(owner) && dag["owner_epoch"] === want["epoch"] ? [{ want, dag }] : [];
  });
}

export const releaseDags: Statement = (db, [owner, ...values], text) => {
  const wanted = unnest(text, values);
  const given = ofOwner(db, owner, wanted);
  for (const { dag } of given) db.put("dag", String(dag["dag_id"]), { ...dag, owner: null });
  db.notify("vane_dag", "*");
  return expectRows(given.length, wanted.length);
};

export const quarantineDag: Statement = (db, [owner, dagId, epoch, reason, outcome]) => {
  const dag = db.find("dag", String(cell(dagId)));
  if (dag?.["owner"] !== cell(owner) || dag["owner_epoch"] !== cell(epoch)) return [];
  const given = { owner: null, quarantine: cell(reason), quarantined_at: db.now };
  db.put("dag", String(cell(dagId)), { ...dag, ...given });
  for (const command of db.rows("command")) {
    if (command["dag_id"] !== cell(dagId) || command["outcome"] !== null) continue;
    db.put("command", String(command["id"]), { ...command, outcome: cell(outcome), answered_at: db.now });
  }
  return [];
};

export const setOwnerColumns: Statement = (db, [owner, ...values], text) => {
  const wanted = unnest(text, values);
  const held = ofOwner(db, owner, wanted);
  for (const { dag, want } of held) {
    const { version = null, next_run = null, last_tick = null } = want;
    db.put("dag", String(dag["dag_id"]), { ...dag, current_version: version, next_run, last_tick });
  }
  return expectRows(held.length, wanted.length);
};

export const countShare: Statement = (db) => [
  {
    dags: db.rows("dag").filter((dag) => dag["owner"] !== null || needsOwner(db, dag)).length,
    schedulers: db.rows("process").filter((row) => row["kind"] === "scheduler" && row["dead"] === false)
      .length,
  },
];
