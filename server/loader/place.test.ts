import { expect, it } from "vitest";
import { codeFrame, placeInStack, trimStack } from "./place";

const files = new Set(["/my project/dags/prices.ts", "/my project/lib/x.ts"]);

it.each([
  ["    at Object.<anonymous> (/my project/dags/prices.ts:14:3)", 14],
  ["    at /my project/dags/prices.ts:14:3", 14],
  ["    at async load (/my project/dags/prices.ts:14:3)", 14],
  ["    at dag (/vane/dist/loader-child.cjs:1:2)\n    at f (/my project/dags/prices.ts:2:9)", 2],
])("finds the author's line in %j", (stack, line) => {
  expect(placeInStack(`Error: no\n${stack}`, files)).toMatchObject({ line });
});

it("takes the innermost line of the author's, in whichever of his files it is", () => {
  const stack = "    at g (/my project/lib/x.ts:7:1)\n    at f (/my project/dags/prices.ts:2:9)";
  expect(placeInStack(stack, files)).toEqual({ file: "/my project/lib/x.ts", line: 7, col: 1 });
});

it("finds nothing in packages, in Vane, or in a message that looks like a frame", () => {
  const stack = "Error: (/my project/dags/prices.ts)\n    at x (/p/node_modules/y/index.js:1:1)";
  expect(placeInStack(stack, files)).toBeUndefined();
});

it("leaves out what called the author's code, and Vane", () => {
  const stack =
    "Error: no\n    at v (/v.cjs:1:1)\n    at y (/p/y.js:1:1)\n    at f (/my project/lib/x.ts:7:1)\n    at Module (node:x:1:1)";
  expect(trimStack(stack, files, "/v.cjs")).toBe(
    "Error: no\n    at y (/p/y.js:1:1)\n    at f (/my project/lib/x.ts:7:1)",
  );
  expect(trimStack("Error: no\n    at y (/p/y.js:1:1)", files, "/v.cjs")).toBe(
    "Error: no\n    at y (/p/y.js:1:1)",
  );
});

it("frames a line with its neighbours and a caret", () => {
  const source = ["a", "b", "c", "d", "\tfail();", "f", "g", "h", "i"].join("\r\n");
  expect(codeFrame(source, { line: 5, col: 2 })).toBe(
    ["  2 | b", "  3 | c", "  4 | d", "> 5 | \tfail();", "    | \t^", "  6 | f", "  7 | g", "  8 | h"].join(
      "\n",
    ),
  );
});

it("has no frame beyond the end, and cuts a line that is too long", () => {
  expect(codeFrame("a", { line: 2, col: 1 })).toBeUndefined();
  expect(codeFrame("x".repeat(10_000), { line: 1, col: 9_000 })?.length).toBeLessThan(200);
});
