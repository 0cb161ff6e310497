import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { addSecretKey, openHome } from "./home";

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "vane-home-"));
  folders.push(folder);
  return join(folder, ".vane");
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const modeOf = (file: string) => statSync(file).mode & 0o777;

it("makes the folder and its key once, for nobody else to read", () => {
  const folder = newFolder();
  const first = openHome(folder);
  expect(openHome(folder)).toEqual(first);
  expect([modeOf(folder), modeOf(join(folder, "key.json"))]).toEqual([0o700, 0o600]);
});

it("closes a folder that was opened to others", () => {
  const folder = newFolder();
  openHome(folder);
  chmodSync(folder, 0o755);
  openHome(folder);
  expect(modeOf(folder)).toBe(0o700);
});

it("refuses a folder without its key, with another key, or with a damaged one", () => {
  const folder = newFolder();
  openHome(folder);
  const key = join(folder, "key.json");

  writeFileSync(key, JSON.stringify({ installKey: "0".repeat(64) }));
  expect(() => openHome(folder)).toThrow(/is not the key that .* Put the right file back/);
  writeFileSync(key, "{");
  expect(() => openHome(folder)).toThrow(/key.json is damaged. Put it back/);
  rmSync(key);
  expect(() => openHome(folder)).toThrow(/has lost its key.json.* Put the file back/);
});

it("refuses a folder of a newer Vane", () => {
  const folder = newFolder();
  openHome(folder);
  const marker = join(folder, "home.json");
  writeFileSync(marker, readFileSync(marker, "utf8").replace('"format":1', '"format":2'));
  expect(() => openHome(folder)).toThrow(/made by a newer Vane .* Start that version/);
});

it("refuses a folder of somebody else, though root could read it", () => {
  const folder = newFolder();
  openHome(folder);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, 65534, 65534);
  expect(() => openHome(isRoot ? folder : "/usr")).toThrow(
    /belongs to another user \(uid \d+, and you are \d+\)/,
  );
});

it("gives a folder from before there were connections a key for them, and keeps the rest", () => {
  const folder = newFolder();
  const { installKey } = openHome(folder);
  writeFileSync(join(folder, "key.json"), JSON.stringify({ installKey }));
  const added = openHome(folder);
  expect(added).toMatchObject({ installKey, keys: [{ key: expect.stringMatching(/^[0-9a-f]{64}$/) }] });
  expect(openHome(folder)).toEqual(added);
});

it("puts a new key before the old ones, which stay", () => {
  const folder = newFolder();
  const home = openHome(folder);
  const id = addSecretKey(home);
  const { installKey, keys } = openHome(folder);
  expect(installKey).toBe(home.installKey);
  expect(keys.map((key) => key.id)).toEqual([id, ...home.keys.map((key) => key.id)]);
  expect(modeOf(join(folder, "key.json"))).toBe(0o600);
});
