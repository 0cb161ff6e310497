import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { mayRole, PERMISSIONS, permissionsOf, ROLES } from "./permissions";

it("gives each role all that the one before it has, and more", () => {
  const [viewer, user, op, admin] = ROLES.map(permissionsOf);
  expect(viewer).toEqual(["self", "dag.read", "log.read"]);
  for (const [less = [], more = []] of [
    [viewer, user],
    [user, op],
    [op, admin],
  ]) {
    expect(more).toEqual(expect.arrayContaining([...less]));
    expect(more.length).toBeGreaterThan(less.length);
  }
  expect(admin).toEqual(Object.keys(PERMISSIONS));
  expect(mayRole("op", "user.write")).toBe(false);
});

it("is what the guide says", () => {
  const rows = [
    ...readFileSync("docs/concepts.md", "utf8").matchAll(/^\| `([a-z.]+)` +\| [^|]+ \| (\w+) +\|$/gm),
  ];
  expect(Object.fromEntries(rows.map(([, permission, role]) => [permission, role]))).toEqual(PERMISSIONS);
});
