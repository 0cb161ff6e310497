import { expect, it } from "vitest";
import type { ErrorFacts } from "../executor/protocol";
import { fingerprint } from "./fingerprint";

const facts = (given: Partial<ErrorFacts> = {}): ErrorFacts => ({
  ...{ name: "Error", message: "no rows for wallet 0xabc", code: null },
  stack: "Error: no rows\n    at loadLocks (dags/locks.ts:12:9)\n    at run (dags/locks.ts:40:3)",
  ...given,
});

it("is the same for the same failure, whatever it carries", () => {
  const one = fingerprint(facts());
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprint(facts({ message: "no rows for wallet 0x1f4" }))).toBe(one);
  expect(fingerprint(facts({ stack: "Error: no rows\n    at loadLocks (dags/locks.ts:99:1)" }))).toBe(one);

  const id = (uuid: string) => fingerprint(facts({ message: `order ${uuid} took 1.5 s` }));
  expect(id("0193618e-4c00-7000-8000-000000000001")).toBe(id("f193618e-4c00-4000-8000-00000000000f"));
  const quoted = (text: string) => fingerprint(facts({ message: `cannot parse ${JSON.stringify(text)}` }));
  expect(quoted("a")).toBe(quoted("b c"));
});

it("differs by name, code, message and the function that failed", () => {
  const all = [
    facts(),
    facts({ name: "TypeError" }),
    facts({ code: "runtime.exited" }),
    facts({ message: "no rows for pool 0xabc" }),
    facts({ stack: "Error: no rows\n    at saveLocks (dags/locks.ts:12:9)" }),
  ].map(fingerprint);
  expect(new Set(all).size).toBe(all.length);
});

it("is held up by no message, however it is made", () => {
  const long = "'".repeat(20_001) + "0x".repeat(20_000) + '"'.repeat(20_001);
  expect(fingerprint(facts({ message: long, stack: " at ".repeat(20_000) }))).toMatch(/^[0-9a-f]{16}$/);
});
