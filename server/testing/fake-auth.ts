import type { Auth } from "../auth/auth.types";
import { ROLES, type Role } from "../auth/permissions";

/** Whoever sends the header `x-role` is signed in as one with that role. For tests that are not about sign-in. */
export function fakeAuth(given: Partial<Auth> = {}): Auth {
  const notHere = () => Promise.reject(new Error("This test has no sign-in."));
  return {
    sessionOf(headers) {
      const role = ROLES.find((known) => known === headers.get("x-role"));
      return Promise.resolve(role && aSession(role));
    },
    ...{ signIn: notHere, signOut: notHere, checkSetUp: notHere, setUp: notHere },
    hasAdmin: () => Promise.resolve(true),
    close: () => Promise.resolve(),
    ...given,
  };
}

const aSession = (role: Role) => ({
  ...{ sessionId: `session-${role}`, userId: `id-${role}`, role },
  ...{ name: `Some ${role}`, email: `${role}@vane.test` },
});
