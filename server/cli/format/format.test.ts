import { expect, it } from "vitest";
import { durationInWords } from "../../domain/duration-in-words";
import { elapsedMs, shortIso } from "./duration";
import { safeLine, safeText } from "./safe-text";
import { paintState } from "./state";
import { record, table } from "./table";

it.each([
  [0, "0ms"],
  [850.4, "850ms"],
  [1_000, "1s"],
  [4_260, "4.2s"],
  [59_999, "59s"],
  [60_000, "1m"],
  [64_000, "1m 4s"],
  [7_380_000, "2h 3m"],
  [7_201_000, "2h"],
  [435_600_000, "5d 1h"],
  [-5, "0ms"],
])("says %d ms as %s", (ms, words) => {
  expect(durationInWords(ms)).toBe(words);
});

it("counts from the start to the end, or to now while it lasts", () => {
  const [start, end, now] = [new Date(1_000), new Date(3_000), new Date(9_000)];
  expect(elapsedMs(start, end, now)).toBe(2_000);
  expect(elapsedMs(start, null, now)).toBe(8_000);
  expect(elapsedMs(null, null, now)).toBeNull();
  expect(elapsedMs(now, null, start)).toBe(0); // the database's clock may be ahead of ours
  expect(shortIso(new Date("2026-11-24T14:30:00.123Z"))).toBe("2026-11-24T14:30:00Z");
});

it("aligns columns and leaves nothing at the end of a line", () => {
  const rows = [
    { id: "a", note: "x" },
    { id: "longer", note: "" },
  ];
  expect(
    table(rows, [
      { heading: "id", of: ({ id }) => id },
      { heading: "note", of: ({ note }) => note },
    ]),
  ).toBe("id      note\na       x\nlonger\n");
});

it("gives colour after width, so that columns stay aligned", () => {
  const columns = [
    { heading: "state", of: (state: string) => state, paint: (cell: string) => `<${cell}>` },
    { heading: "n", of: () => 1 },
  ];
  expect(table(["success", "ok"], columns)).toBe("state    n\n<success>  1\n<ok     >  1\n");
  expect(paintState("unheard of")).toBe("unheard of");
});

it("leaves out of a record what is not there", () => {
  expect(
    record([
      ["id", "a"],
      ["reason", ""],
      ["longer", 5],
      ["none", null],
    ]),
  ).toBe("id:     a\nlonger: 5\n");
});

it.each([
  ["\u001b[31mred\u001b[0m", "red"],
  ["\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007", "click"],
  ["\u001b]52;c;aGFja2Vk\u0007stolen", "stolen"],
  ["over\rwritten", "over\u240dwritten"],
  ["one\r\ntwo\tthree", "one\ntwo\tthree"],
  ["\u009b2Jcleared", "cleared"],
  ["user\u202egnp.exe", "user\ufffdgnp.exe"],
  ["nul\u0000", "nul\u2400"],
])("makes %j harmless", (text, safe) => {
  expect(safeText(text)).toBe(safe);
});

it("keeps a cell on its line", () => {
  expect(safeLine("Error: a\n    at b\tc")).toBe("Error: a at b c");
});
