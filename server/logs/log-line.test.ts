import { expect, it } from "vitest";
import { LogLine, MAX_MESSAGE, parseLine, renderLines } from "./log-line";

const render = (message: string, fields?: Record<string, unknown>) =>
  renderLines("log", "info", message, fields).map((line) => LogLine.parse(JSON.parse(line)));

it("keeps the message whatever its fields are", () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  expect(render("hi", { pool: 3, msg: "mine", level: 9 })).toMatchObject([
    { msg: "hi", level: "info", pool: 3, msg_: "mine", level_: 9 },
  ]);
  expect(render("hi", cycle)).toMatchObject([{ msg: "hi", fields: "not JSON" }]);
  expect(render("hi", { big: 1n })).toMatchObject([{ msg: "hi", fields: "not JSON" }]);
  expect(render("hi", { long: "x".repeat(1_000_000) })).toMatchObject([
    { msg: "hi", fields: expect.stringMatching(/^cut/) },
  ]);
});

it("cuts a long message into lines that say that they go on", () => {
  const lines = render("x".repeat(2 * MAX_MESSAGE + 1));
  expect(lines.map(({ msg, more }) => [msg.length, more])).toEqual([
    [MAX_MESSAGE, true],
    [MAX_MESSAGE, true],
    [1, undefined],
  ]);
});

it.each(["\0", "\ud800", "\u2028 </script>", "\x1b[31mred"])("brings %j through a line of JSON", (text) => {
  expect(renderLines("stdout", "info", text)[0]).not.toMatch(/[\0\n]/);
  expect(render(text)).toMatchObject([{ msg: text }]);
});

it("shows a line that is none of ours as it stands", () => {
  expect(parseLine("not { json")).toMatchObject({ msg: "not { json", source: "stdout" });
});
