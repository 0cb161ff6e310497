import { expect, it } from "vitest";
import { PERMISSION_NAMES } from "../auth/permissions";
import { proceduresOf } from "../testing/access/procedures";
import { appRouter } from "./root";
import { dagProcedure, doorProcedure, procedure } from "./trpc";

const procedures = proceduresOf(appRouter);

it("finds procedures at all", () => {
  expect(procedures.length).toBeGreaterThan(8);
});

it.each(procedures)("declares what $path takes: a permission, its input and its output", (found) => {
  expect(["door", ...PERMISSION_NAMES]).toContain(found.permission);
  expect(found.inputs.length).toBeGreaterThan(0);
  expect(found.output).toBeDefined();
});

it("lets these in without a session, and no others", () => {
  const open = procedures.filter(({ permission }) => permission === "door").map(({ path }) => path);
  expect(open.sort()).toEqual(["door.checkSetUp", "door.setUp", "door.signIn", "door.signOut"]);
});

it("has no procedure without a permission", () => {
  // @ts-expect-error declare what it takes to call it
  procedure();
  // @ts-expect-error declare what it takes to call it
  dagProcedure();
  // @ts-expect-error there is no such permission
  procedure("dag.raed");
  // @ts-expect-error "door" is no permission that a role has
  procedure("door");
  expect(doorProcedure._def.meta).toEqual({ permission: "door" });
});
