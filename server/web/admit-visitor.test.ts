import { expect, it } from "vitest";
import { PERMISSIONS, ROLES, type Permission, type Role } from "../auth/permissions";
import type { Session } from "../auth/session";
import { admitVisitor } from "./admit-visitor";

const as = (role: Role): Session => ({
  ...{ sessionId: "s", userId: "u", name: "Mira", email: "mira@example.com", role },
});

it("sends strangers to sign in, and then to where they wanted to go", () => {
  expect(admitVisitor(undefined, "dag.read", "/dags?tag=a&b=//evil")).toEqual({
    kind: "sign_in",
    location: "/sign-in?next=%2Fdags%3Ftag%3Da%26b%3D%2F%2Fevil",
  });
  expect(admitVisitor(undefined, "dag.read", "/")).toEqual({ kind: "sign_in", location: "/sign-in" });
});

it.each(Object.keys(PERMISSIONS) as Permission[])(
  "shows a page of %s from its least role on",
  (permission) => {
    const least = ROLES.indexOf(PERMISSIONS[permission]);
    const kinds = ROLES.map((role) => admitVisitor(as(role), permission, "/x").kind);
    expect(kinds).toEqual(ROLES.map((_, i) => (i < least ? "forbidden" : "shown")));
  },
);

it("says who is not allowed, and what it takes", () => {
  expect(admitVisitor(as("viewer"), "user.read", "/users")).toEqual({
    ...{ kind: "forbidden", session: as("viewer"), least: "admin" },
  });
});
