import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { followLog, readLog } from "./tail";

function newFile() {
  const folder = mkdtempSync(path.join(tmpdir(), "vane-tail-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return path.join(folder, "attempt=1.log");
}

it("reads whole lines from an offset on", async () => {
  const file = newFile();
  expect(await readLog(file)).toEqual({ lines: [], nextOffset: 0 });
  writeFileSync(file, "{1}\n{22}\n{thr");
  expect(await readLog(file)).toEqual({ lines: ["{1}", "{22}"], nextOffset: 9 });
  expect(await readLog(file, 4)).toEqual({ lines: ["{22}"], nextOffset: 9 });
  expect(await readLog(file, 9)).toEqual({ lines: [], nextOffset: 9 });
});

it("reads a line that is longer than the range", async () => {
  const file = newFile();
  writeFileSync(file, `${"x".repeat(100)}\n`);
  expect((await readLog(file, 0, 16)).lines).toEqual(["x".repeat(100)]);
});

it("gives what is written to a file that did not exist, and ends with the attempt", async () => {
  const file = newFile();
  const ended = new AbortController();
  const lines = followLog(file, ended.signal);
  const first = lines.next();
  appendFileSync(file, "{1}\n");
  expect(await first).toEqual({ done: false, value: ["{1}"] });
  const second = lines.next();
  appendFileSync(file, "{2}\n");
  expect(await second).toEqual({ done: false, value: ["{2}"] });

  appendFileSync(file, "{last}\n");
  ended.abort();
  expect(await lines.next()).toEqual({ done: false, value: ["{last}"] });
  expect(await lines.next()).toEqual({ done: true, value: undefined });
});
