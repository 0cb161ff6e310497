import { expect, it } from "vitest";
import { bytesInWords } from "./bytes-in-words";

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_000, "1 kB"],
  [4_249, "4.2 kB"],
  [9_990, "10 kB"],
  [31_400_000, "31 MB"],
  [999_600, "1 MB"],
  [5_000_000_000, "5 GB"],
  [2e15, "2000 TB"],
])("says %d as %s", (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});
