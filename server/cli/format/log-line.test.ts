import { expect, it } from "vitest";
import { lineInWords } from "./log-line";

const LINE = {
  t: "2026-11-24T14:30:01.123Z",
  level: "error",
  source: "vane",
  msg: "Error: Two\nlines.",
} as const;

it("writes a stack in lines of its own, without the message that stands above it", () => {
  const stack =
    "Error: Two\nlines.\n    at average (/dags/a.ts:3:9)\nCaused by: Error: \u001b[2Jx\n    at f (/dags/b.ts:1:1)";
  expect(lineInWords({ ...LINE, stack, code: 7 })).toMatchInlineSnapshot(`
    "14:30:01.123  vane    Error: Two
    lines.  {"code":7}
        at average (/dags/a.ts:3:9)
        Caused by: Error: x
        at f (/dags/b.ts:1:1)
    "
  `);
});

it("writes fields as JSON, and a stack that is no text as well", () => {
  const line = { ...LINE, source: "log", level: "info", msg: "hello" } as const;
  expect(lineInWords({ ...line, pages: 3, stack: ["a"] })).toBe(
    '14:30:01.123  info    hello  {"pages":3}\n    ["a"]\n',
  );
  expect(lineInWords({ ...line, more: true })).toBe("14:30:01.123  info    hello ...\n");
});
