import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openLogFile } from "./log-file";

function setup() {
  const folder = mkdtempSync(join(tmpdir(), "vane-log-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, path: join(folder, "vane.log") };
}

it("keeps the newest lines, and as many older files as it was told", () => {
  const { folder, path } = setup();
  const log = openLogFile(path, { maxBytes: 10, keep: 1 });
  for (const line of ["one", "two", "three", "four", "five", "six"]) log.write(line);
  log.close();
  expect(readdirSync(folder).sort()).toEqual(["vane.log", "vane.log.1"]);
  expect(readFileSync(`${path}.1`, "utf8")).toBe("three\nfour\n");
  expect(readFileSync(path, "utf8")).toBe("five\nsix\n");
});

it("loses lines to a full disk, and nothing else", () => {
  const log = openLogFile("/dev/full", { maxBytes: 1_000, keep: 1 });
  log.write("no room");
  log.close();
});

it("goes on in a new file once there can be one again", () => {
  const { folder, path } = setup();
  const log = openLogFile(path, { maxBytes: 10, keep: 1 });
  log.write("before");
  rmSync(folder, { recursive: true });
  for (const line of ["lost for good", "lost, too"]) log.write(line);
  mkdirSync(folder);
  log.write("after");
  log.close();
  expect(readFileSync(path, "utf8")).toBe("after\n");
});
