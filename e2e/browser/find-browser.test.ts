import { expect, it } from "vitest";
import { findBrowser, type Machine } from "./find-browser";

const PLAYWRIGHTS = "/cache/chromium/chrome";

/** A machine with these programs; each command that is run adds what it installs, or fails. */
function aMachine(
  programs: readonly string[],
  { installs = {}, ...more }: Partial<Machine> & { installs?: Readonly<Record<string, string>> } = {},
) {
  const there = new Set(programs);
  const ran: string[] = [];
  const machine: Machine = {
    named: undefined,
    isRoot: true,
    playwrights: PLAYWRIGHTS,
    program: (name) => (there.has(name) ? (name.startsWith("/") ? name : `/usr/bin/${name}`) : undefined),
    run(command, args) {
      const line = [command, ...args].join(" ");
      ran.push(line);
      const brought = installs[line];
      if (brought !== undefined) there.add(brought);
      return brought !== undefined;
    },
    ...more,
  };
  return { machine, ran };
}

const APT = { "apt-get update": "lists", "apt-get install -y chromium": "chromium" };
const OWN = { "npx playwright install chromium": PLAYWRIGHTS };

it.each<[what: string, programs: string[], more: Partial<Machine>, path: string]>([
  ["the one that is named", ["/opt/mine", "chromium"], { named: "/opt/mine" }, "/opt/mine"],
  ["the system's", ["chromium", PLAYWRIGHTS], {}, "/usr/bin/chromium"],
  ["the system's by another name", ["google-chrome", PLAYWRIGHTS], {}, "/usr/bin/google-chrome"],
  ["Playwright's own", [PLAYWRIGHTS], {}, PLAYWRIGHTS],
])("takes %s and installs nothing", (_what, programs, more, path) => {
  const { machine, ran } = aMachine(programs, more);
  expect(findBrowser(machine)).toEqual({ kind: "found", path });
  expect(ran).toEqual([]);
});

it("does not take another one than the one that is named", () => {
  const { machine, ran } = aMachine(["chromium"], { named: "/opt/gone" });
  expect(findBrowser(machine)).toEqual({
    kind: "missing",
    sentence: "CHROMIUM_PATH is /opt/gone, which is no program.",
  });
  expect(ran).toEqual([]);
});

it("installs the system's as root where apt is", () => {
  const { machine, ran } = aMachine(["apt-get"], { installs: { ...APT, ...OWN } });
  expect(findBrowser(machine)).toEqual({ kind: "found", path: "/usr/bin/chromium" });
  expect(ran).toEqual(Object.keys(APT));
});

it.each<[why: string, programs: string[], more: Partial<Machine>]>([
  ["where apt is not", [], {}],
  ["for whoever is not root", ["apt-get"], { isRoot: false }],
  ["where apt fails", ["apt-get"], {}],
])("installs Playwright's own %s", (_why, programs, more) => {
  const { machine, ran } = aMachine(programs, { ...more, installs: OWN });
  expect(findBrowser(machine)).toEqual({ kind: "found", path: PLAYWRIGHTS });
  expect(ran.at(-1)).toBe("npx playwright install chromium");
});

it("says in one sentence what to do when nothing can be installed", () => {
  const found = findBrowser(aMachine(["apt-get"]).machine);
  expect(found).toEqual({
    kind: "missing",
    sentence: expect.stringContaining("apt-get install -y chromium"),
  });
});
