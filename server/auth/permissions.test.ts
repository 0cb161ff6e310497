import { expect, it } from "vitest";
import { mayRole, PERMISSION_NAMES, ROLES, type Permission, type Role } from "./permissions";

/** viewer, user, op, admin: x where the role has it. Written out, so that a change of one word elsewhere is seen here. */
const TABLE: Readonly<Record<Permission, string>> = {
  self: "xxxx",
  "dag.read": "xxxx",
  "log.read": "xxxx",
  "dag.pause": "-xxx",
  "run.trigger": "-xxx",
  "run.cancel": "-xxx",
  "task.clear": "-xxx",
  "task.mark": "-xxx",
  "connection.read": "--xx",
  "connection.write": "--xx",
  "connection.test": "--xx",
  "variable.read": "--xx",
  "variable.write": "--xx",
  "user.read": "---x",
  "user.write": "---x",
  "audit.read": "---x",
};

it.each(PERMISSION_NAMES)("gives %s to whom it is meant for", (permission) => {
  const who = ROLES.map((role) => (mayRole(role, permission) ? "x" : "-")).join("");
  expect(who).toBe(TABLE[permission]);
});

it("gives nothing to a role that does not exist", () => {
  for (const permission of PERMISSION_NAMES) expect(mayRole("root" as Role, permission)).toBe(false);
});
