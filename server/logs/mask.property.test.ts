import fc from "fast-check";
import { expect, it } from "vitest";
import { rawLines } from "../worker/raw-lines";
import { MAX_MESSAGE } from "./log-line";
import { formFinder } from "./find-forms";
import { formsOf, masker } from "./mask";

/** Few letters, so that forms overlap, begin alike and hide in one another; no * of the mask itself. */
const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", '"', "\\"), maxLength: 60 });
const secrets = fc.array(fc.string({ unit: fc.constantFrom("a", "b", '"'), minLength: 4, maxLength: 9 }), {
  minLength: 1,
  maxLength: 6,
});

/** Each position that lies within any occurrence of any form: by trying them all. */
function coveredIn(text: string, forms: readonly string[]): boolean[] {
  const covered = Array.from(text, () => false);
  for (const form of forms)
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1))
      covered.fill(true, at, at + form.length);
  return covered;
}

it("finds what a search for each form, one by one, finds", () => {
  fc.assert(
    fc.property(letters, secrets, (text, forms) => {
      const covered = Array.from(text, () => false);
      for (const { from, to } of formFinder(forms).find(text)) covered.fill(true, from, to);
      expect(covered).toEqual(coveredIn(text, forms));
    }),
    { numRuns: 2_000 },
  );
});

it("leaves no form of a secret in a text, and every letter that is none", () => {
  fc.assert(
    fc.property(letters, secrets, (text, given) => {
      const made = masker();
      made.add(given);
      const masked = made.mask(text);
      const forms = given.flatMap(formsOf);
      expect(forms.filter((form) => masked.includes(form))).toEqual([]);
      const covered = coveredIn(text, forms);
      expect(masked.replaceAll("*", "")).toBe(
        Array.from(text)
          .filter((_, at) => !covered[at])
          .join(""),
      );
    }),
    { numRuns: 2_000 },
  );
});

it("hides a secret in whichever chunks it comes, at lines' ends and where endless lines are cut", () => {
  const secret = "pa55-w0rd/of+many=letters";
  const made = masker();
  made.add([secret]);
  const cuts = fc.array(fc.nat(3 * MAX_MESSAGE), { maxLength: 8 });
  const places = fc.array(fc.nat(2 * MAX_MESSAGE), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(places, cuts, fc.boolean(), (at, where, lined) => {
      const filler = "-".repeat(Math.max(...at, MAX_MESSAGE + 500));
      const text = at.map((length) => `${filler.slice(0, length)}${secret}${lined ? "\n" : ""}`).join("");
      const bytes = Buffer.from(text);
      let out = "";
      const lines = rawLines(made, (line) => (out += made.mask(line)));
      const ends = [...where.map((cut) => cut % bytes.length), bytes.length].sort((a, b) => a - b);
      ends.forEach((end, i) => {
        lines.take(bytes.subarray(ends[i - 1] ?? 0, end));
      });
      lines.flush();
      expect(out).not.toMatch(/pa55|w0rd|many|letters/);
      expect(out.split("***")).toHaveLength(at.length + 1);
    }),
    { numRuns: 60 },
  );
});

it("takes a time that depends on the text alone, whatever secrets are made to look like it", () => {
  const made = masker();
  made.add(Array.from({ length: 400 }, (_, i) => `${"a".repeat(100 + i)}b`));
  const steps = (length: number) => {
    const text = "a".repeat(length);
    const started = process.cpuUsage().user;
    expect(made.mask(text)).toBe(text);
    return process.cpuUsage(undefined).user - started;
  };
  steps(100_000); // warm
  expect(steps(400_000)).toBeLessThan(10 * Math.max(steps(100_000), 1_000));
});
