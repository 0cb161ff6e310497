import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { fakeClock } from "../testing/fake-clock";
import { bundleStore } from "./bundle-store";

const MINUTE = 60_000;
const code = "x".repeat(100);

/** Two workers of one home, which has room for two bundles. */
function aHome() {
  const home = mkdtempSync(path.join(tmpdir(), "vane-bundles-"));
  onTestFinished(() => {
    rmSync(home, { recursive: true });
  });
  const clock = fakeClock(new Date("2026-11-24T14:32:07Z"));
  const aWorker = () => bundleStore(path.join(home, "bundles"), "/srv/app", 250, clock);
  const [one, other] = [aWorker(), aWorker()];
  const keep = (hash: string, by = one) => by.keep(hash, { code, sourceMap: "{}", file: "dags/a.ts" });
  return { clock, one, other, keep };
}

it("lets the least recently used go when there are too many", () => {
  const { clock, one, keep } = aHome();
  const [a, b] = [keep("a"), keep("b")];
  clock.advance(11 * MINUTE);
  expect(one.find("a")).toEqual(a);
  keep("c");
  clock.advance(11 * MINUTE);
  keep("d");
  expect([existsSync(a.codePath), existsSync(b.codePath)]).toEqual([true, false]);
  expect(one.find("b")).toBeUndefined();
});

it("lets none go that was used lately, also by another worker who knows it by heart", () => {
  const { clock, one, other, keep } = aHome();
  const a = keep("a");
  keep("b");
  for (let minutes = 0; minutes < 30; minutes += 1) {
    clock.advance(MINUTE);
    expect(one.find("a")).toEqual(a);
  }
  keep("c", other);
  keep("d", other);
  expect(existsSync(a.codePath)).toBe(true);
});

it("asks anew for one that another worker has let go", () => {
  const { clock, one, other, keep } = aHome();
  keep("a");
  clock.advance(11 * MINUTE);
  for (const hash of ["b", "c", "d"]) keep(hash, other);
  expect(one.find("a")).toBeUndefined();
  expect(one.find("d")).toMatchObject({ file: "/srv/app/dags/a.ts" });
});
