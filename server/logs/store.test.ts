import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { DagId, RunId, TaskId } from "../domain/ids";
import { fakeClock } from "../testing/fake-clock";
import { logPath } from "./log-path";
import { logStore } from "./store";

const KEY = {
  ...{ dagId: DagId.parse("sync"), runId: RunId.parse("manual__1"), taskId: TaskId.parse("fetch") },
  ...{ mapIndex: -1, attempt: 1 },
};

function setup() {
  const root = mkdtempSync(path.join(tmpdir(), "vane-logs-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  const clock = fakeClock(new Date("2026-11-24T12:00:00Z"));
  const file = logPath(root, KEY);
  return { root, clock, file, store: logStore(root, clock), read: () => readFileSync(file, "utf8") };
}

const mode = (file: string) => (lstatSync(file).mode & 0o777).toString(8);

it("writes lines for nobody but its own user", () => {
  const { store, file, read } = setup();
  const log = store.open(KEY);
  log.write("{1}");
  log.write("{2}");
  expect(log.end()).toEqual({ bytes: 8, truncated: false });
  expect(read()).toBe("{1}\n{2}\n");
  expect([mode(file), mode(path.dirname(file))]).toEqual(["600", "700"]);
});

it("shows a follower what was written, without waiting for more", () => {
  const { store, clock, read } = setup();
  const log = store.open(KEY);
  log.write("{1}");
  clock.advance(40);
  expect(read()).toBe("{1}\n");
  log.end();
});

it("goes on in a file that is there already", () => {
  const { store, read } = setup();
  for (const line of ["{1}", "{2}"]) {
    const log = store.open(KEY);
    log.write(line);
    log.end();
  }
  expect(read()).toBe("{1}\n{2}\n");
});

it("says that lines are missing, and goes on when it can write again", () => {
  const { store, root, clock, read, file } = setup();
  mkdirSync(path.dirname(file), { recursive: true });
  symlinkSync(path.join(root, "elsewhere"), file); // as good as a disk that takes nothing
  const log = store.open(KEY);
  log.write("{1}");
  clock.advance(40);
  rmSync(file);
  log.write("{2}");
  expect(log.end()).toMatchObject({ truncated: true });
  expect(read()).toMatch(/1 or more lines are missing.*\n\{2\}\n$/s);
});

it("follows no link out of the store", () => {
  const { store, root, file } = setup();
  const elsewhere = mkdtempSync(path.join(tmpdir(), "vane-elsewhere-"));
  symlinkSync(elsewhere, path.join(root, "dag_id=sync"));
  const log = store.open(KEY);
  log.write("{1}");
  expect(log.end()).toEqual({ bytes: 0, truncated: true });
  expect(() => lstatSync(path.join(elsewhere, path.relative(path.join(root, "dag_id=sync"), file)))).toThrow(
    "ENOENT",
  );
});

it("makes its folders anew when retention has removed them", () => {
  const { store, root, read } = setup();
  store.open(KEY).end();
  const first = store.open(KEY);
  first.write("{1}");
  first.end();
  rmSync(path.join(root, "dag_id=sync"), { recursive: true });
  const log = store.open(KEY);
  log.write("{2}");
  log.end();
  expect(read()).toBe("{2}\n");
});
