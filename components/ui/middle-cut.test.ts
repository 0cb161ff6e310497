import { expect, it } from "vitest";
import { middleCut } from "./middle-cut";

it("keeps both ends of an id that is too long", () => {
  expect(middleCut("greet", 5)).toBe("greet");
  expect(middleCut("refresh_mv_block_totals", 11)).toBe("refre…otals");
  expect(middleCut("refresh_mv_block_totals", 11)).toHaveLength(11);
});

it("cuts between letters, never through one", () => {
  expect(middleCut("🙂🙂🙂🙂🙂🙂", 5)).toBe("🙂🙂…🙂🙂");
});
