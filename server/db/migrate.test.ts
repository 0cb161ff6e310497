import { expect, it } from "vitest";
import { compareMigrations, migrationRefusal } from "./migrate";

const SUM_OF_SELECT_1 = "822ae07d4783158bc1912bb623e5107cc9002d519e1143a9c200ed6ee18b6d0f";
const one = { name: "1_engine", script: "select 1" };
const two = { name: "2_more", script: "select 2" };
const applied = (given = {}) => [{ migration_name: "1_engine", checksum: SUM_OF_SELECT_1, ...given }];

it.each([
  ["is current", [one], applied(), { kind: "current" }],
  ["misses what was added", [one, two], applied(), { kind: "behind", missing: ["2_more"] }],
  ["misses everything at first", [one], [], { kind: "behind", missing: ["1_engine"] }],
  ["is newer than the code", [], applied(), { kind: "newer", unknown: ["1_engine"] }],
  ["was migrated by another text", [one], applied({ checksum: "0" }), { kind: "edited", name: "1_engine" }],
] as const)("sees that a database %s", (_what, migrations, rows, state) => {
  expect(compareMigrations(migrations, rows)).toEqual(state);
});

it("refuses what it must not touch with a sentence that says what to do", () => {
  expect(migrationRefusal({ kind: "behind", missing: ["2_more"] })).toBeUndefined();
  expect(migrationRefusal({ kind: "newer", unknown: ["9_x"] })?.sentence).toMatch(
    /newer Vane.*9_x.*Start that version/,
  );
});
