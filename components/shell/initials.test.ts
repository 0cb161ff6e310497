import { expect, it } from "vitest";
import { initials } from "./initials";

it.each([
  ["ops admin", "OA"],
  ["Mira", "M"],
  ["Ana María de la Cruz", "AC"],
  ["  élodie   🙂 ", "É🙂"],
  ["<b>x</b>", "<"],
])("%s: %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});
