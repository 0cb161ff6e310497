import { z } from "zod";
import { PERMISSION_NAMES, permissionsOf, ROLES } from "../../auth/permissions";
import { NoInput, procedure } from "../trpc";

const Me = z.strictObject({
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  /** For what the screen offers; what is done is checked where it is done. */
  permissions: z.array(z.enum(PERMISSION_NAMES)).readonly(),
});

export const get = procedure("self")
  .input(NoInput)
  .output(Me)
  .query(({ ctx: { session } }) => {
    const { name, email, role } = session;
    return { name, email, role, permissions: permissionsOf(role) };
  });
