import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { offsetOfLast, offsetOfLine } from "./line-offset";
import { readLog } from "./tail";

function aFile(content: string) {
  const folder = mkdtempSync(path.join(tmpdir(), "vane-lines-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const file = path.join(folder, "attempt=1.log");
  writeFileSync(file, content);
  return file;
}
const last = async (file: string, count: number) =>
  (await readLog(file, await offsetOfLast(file, count))).lines;
const from = async (file: string, line: number) =>
  (await readLog(file, await offsetOfLine(file, line))).lines;

it("finds the last lines and the line of a number", async () => {
  const file = aFile("{1}\n{22}\n{333}\n");
  expect(await last(file, 1)).toEqual(["{333}"]);
  expect(await last(file, 2)).toEqual(["{22}", "{333}"]);
  expect(await last(file, 9)).toEqual(["{1}", "{22}", "{333}"]);
  expect(await from(file, 1)).toEqual(["{1}", "{22}", "{333}"]);
  expect(await from(file, 3)).toEqual(["{333}"]);
  expect(await from(file, 4)).toEqual([]);
  expect(await from(file, 400)).toEqual([]);
});

it("does not count a line that is still being written", async () => {
  const file = aFile("{1}\n{22}\n{thr");
  expect(await last(file, 1)).toEqual(["{22}"]);
  expect(await offsetOfLine(file, 9)).toBe(9);
});

it("finds them across what is read at once, whatever the lengths of lines", async () => {
  const lines = Array.from({ length: 40 }, (_, n) => `${n}${"x".repeat((n * 7919) % 100_000)}`);
  const file = aFile(`${lines.join("\n")}\n`);
  for (const n of [1, 2, 17, 39, 40]) {
    const end = lines.slice(-n);
    expect(await offsetOfLast(file, n)).toBe(await offsetOfLine(file, 41 - n));
    expect((await last(file, n))[0]).toBe(end[0]);
  }
});

it("begins at the beginning of a file that is empty or not there", async () => {
  const file = aFile("");
  expect([await offsetOfLast(file, 3), await offsetOfLine(file, 3)]).toEqual([0, 0]);
  expect([await offsetOfLast(`${file}.gone`, 3), await offsetOfLine(`${file}.gone`, 3)]).toEqual([0, 0]);
});
