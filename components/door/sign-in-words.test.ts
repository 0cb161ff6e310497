import { expect, it } from "vitest";
import { signInWords } from "./sign-in-words";

it.each<[Parameters<typeof signInWords>[0], string | undefined]>([
  [{ kind: "idle" }, undefined],
  [{ kind: "sending" }, undefined],
  [{ kind: "signed_in" }, undefined],
  [{ kind: "wrong", triesLeft: 4 }, "Email or password is wrong. 4 tries left."],
  [{ kind: "wrong", triesLeft: 1 }, "Email or password is wrong. 1 try left."],
  [{ kind: "disabled" }, "This account is disabled. Ask an admin to enable it."],
  [{ kind: "unanswered" }, "Vane does not answer. What you typed is kept: try again when it is back."],
  [{ kind: "failed", sentence: "The database is away.", errorId: "e-1" }, "The database is away. Error e-1"],
])("%o", (state, words) => {
  expect(signInWords(state)).toBe(words);
});

it("names the minute in which a try is taken again, not the one before", () => {
  const until = new Date(2026, 10, 24, 14, 32, 1);
  expect(signInWords({ kind: "throttled", until })).toContain("Try again at 14:33,");
});
