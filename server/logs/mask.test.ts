import { expect, it } from "vitest";
import { masker } from "./mask";

const SECRET = 'p4ss"w/rd\nsecond line of it';

function maskerOf(...secrets: string[]) {
  const made = masker();
  made.add(secrets);
  return made;
}

it.each([
  ["itself", SECRET],
  ["JSON", JSON.stringify({ password: SECRET })],
  ["JSON in JSON", JSON.stringify({ body: JSON.stringify({ password: SECRET }) })],
  ["a URL", `postgres://user:${encodeURIComponent(SECRET)}@host/db`],
  ["one of its lines", "second line of it"],
  ["base64", Buffer.from(SECRET).toString("base64")],
  ["base64 behind one byte", Buffer.from(`u${SECRET}`).toString("base64")],
  ["base64 behind two bytes", Buffer.from(`u:${SECRET}`).toString("base64")],
])("hides a secret in %s", (_form, text) => {
  const masked = maskerOf(SECRET).mask(`before ${text} after`);
  expect(masked).toMatch(/^before .*\*\*\*.* after$/s);
  expect(masked).not.toMatch(/p4ss|second line|cDRzcy/);
});

it("takes the longest where one secret begins as another", () => {
  expect(maskerOf("abcd", "abcdefgh").mask("abcdefgh abcd")).toBe("*** ***");
});

it("leaves words alone that are too short to be secrets", () => {
  expect(maskerOf("", "abc").mask("abc")).toBe("abc");
});

it("has no secret that is a pattern", () => {
  expect(maskerOf("a.*b+").mask("a.*b+ axxb")).toBe("*** axxb");
});
