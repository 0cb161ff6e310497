import { expect, it } from "vitest";
import { parseLine, renderLines } from "./log-line";
import { masker } from "./mask";
import { maskLine } from "./mask-line";

function lineOf(message: string, fields: Record<string, unknown>, ...secrets: string[]) {
  const made = masker();
  made.add(secrets);
  const [line = ""] = renderLines("stdout", "info", message, fields);
  return maskLine(made, line);
}

it("masks message, fields and the keys of fields, and leaves the line a line of ours", () => {
  const line = lineOf(
    'is can"ary',
    { deep: [{ 'can"ary': 1, pin: 123456 }], level: 'can"ary' },
    'can"ary',
    "123456",
  );
  expect(parseLine(line)).toMatchObject({
    ...{ level: "info", source: "stdout", msg: "is ***" },
    ...{ deep: [{ "***": 1, pin: "***" }], level_: "***" },
  });
});

it("is no less a line where a secret is a word of its own form", () => {
  const line = lineOf("info from stdout", {}, "info", "stdout", "level", "source");
  expect(parseLine(line)).toMatchObject({ level: "info", source: "stdout", msg: "*** from ***" });
});

it("masks what is no line of ours as text", () => {
  const made = masker();
  made.add(["canary"]);
  expect(maskLine(made, '{"t":"canary"}')).toBe('{"t":"***"}');
  expect(maskLine(made, `${"[".repeat(50_000)}canary`)).toMatch(/\[\*{3}$/);
});
