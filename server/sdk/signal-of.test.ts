import { expect, it } from "vitest";
import { retryQuestion } from "./retry-question";
import { signalOf } from "./signal-of";
import { Fail, Retry, Skip } from "./signals";

const NOW = new Date("2026-01-01T00:00:00Z");
const of = (thrown: unknown) => signalOf(thrown, NOW);

it("reads what a throw asks for", () => {
  expect(of(new Skip("not today"))).toEqual({ kind: "skip", message: "not today" });
  expect(of(new Fail("never"))).toEqual({ kind: "fail" });
  expect(of(new Retry("later", { after: "30s", free: true }))).toEqual({
    kind: "retry",
    afterMs: 30_000,
    free: true,
  });
  const at = new Date("2026-01-01T00:01:00Z");
  expect(of(new Retry("later", { after: at }))).toEqual({ kind: "retry", afterMs: 60_000, free: false });
  expect(of(new Retry("past", { after: new Date(0) }))).toMatchObject({ afterMs: 0 });
  expect([new Error("x"), null, "text", undefined].map(of)).toEqual(Array(4).fill({ kind: "error" }));
});

it("refuses a Retry that does not say when", () => {
  expect(() => of(new Retry("x", { after: "soon" as never }))).toThrow("duration.invalid");
  expect(() => of(new Retry("x", { after: new Date(NaN) }))).toThrow("duration.invalid");
});

it("retries as configured when the question itself breaks", () => {
  const broken = retryQuestion(() => {
    throw new Error("oops");
  });
  expect([broken(null, 1), retryQuestion(() => "soon" as never)(null, 1)]).toEqual([true, true]);
});
