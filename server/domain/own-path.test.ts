import fc from "fast-check";
import { expect, it } from "vitest";
import { ownPath } from "./own-path";

it.each([
  "/",
  "/dags",
  "/dags?tag=a%20b&state=failed#L12-L40",
  "/dags/greet/runs/manual__2026-11-24T14:32:07",
])("leads on to %s", (path) => {
  expect(ownPath(path)).toBe(path);
});

const ELSEWHERE = [
  ...[
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
  ],
  ...[
    "https://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " /dags",
    "dags",
    "",
    ".",
    "/dags\\..\\x",
  ],
  ...["/\u0000/evil.example", "/dags\r\nset-cookie: a=b", "/\u2215/evil.example", `/${"a".repeat(600)}`],
  // It would come back here.
  ...["/sign-in", "/sign-in?next=/sign-in"],
  ...[undefined, null, 7, ["/dags", "//evil.example"]],
];
it.each(ELSEWHERE.map((next) => [next]))("does not follow %j", (next) => {
  expect(ownPath(next)).toBe("/");
});

it("never leads to another origin, whatever it is given", () => {
  const pieces = fc.constantFrom(
    "/",
    "\\",
    "\t",
    "\n",
    "@",
    ":",
    ".",
    "%2f",
    "evil.example",
    "javascript:",
    "a",
    "?",
    "#",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(pieces).map((some) => some.join("")),
      ),
      (next) => {
        expect(new URL(ownPath(next), "http://127.0.0.1:8080").origin).toBe("http://127.0.0.1:8080");
      },
    ),
    { numRuns: 1_000 },
  );
});
