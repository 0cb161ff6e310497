import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { mayRole, PERMISSIONS, type Permission } from "../auth/permissions";
import { principalOf } from "../auth/session";
import { DagId } from "../domain/ids";
import { ERRORS, VaneError, type ErrorCode } from "../platform/errors";
import type { Context } from "./context";
import { shownError } from "./shown-error";

/** What it takes to call a procedure; `door`: nothing, since one comes in by it. */
export interface Meta {
  readonly permission: Permission | "door";
}

/** All that a client gets to know of an error, beside its sentence. */
interface ErrorData {
  readonly code: ErrorCode;
  readonly errorId: string;
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    isDev: false,
    /** What leaves the process: code, sentence, and the id under which the log holds the rest. No stack, no detail. */
    errorFormatter({ shape, error }) {
      const { code, sentence, id } = shownError(error);
      const data: ErrorData = { code, errorId: id };
      return { ...shape, message: sentence, data };
    },
  });

export const { router } = t;

/** Everything thrown below becomes a VaneError here, and nowhere else. */
const withErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const error = shownError(result.error);
  throw new TRPCError({ code: ERRORS[error.code].trpc, message: error.message, cause: error });
});

/** Before the input is looked at: who may not call it learns nothing of what it takes. */
const permitted = (permission: Permission) =>
  t.middleware(async ({ ctx, next }) => {
    const session = await ctx.session();
    if (!session) {
      throw new VaneError(
        "auth.signed_out",
        "You are not signed in, or not any more. Sign in and try again.",
      );
    }
    if (!mayRole(session.role, permission)) {
      const needs = `it takes the role ${PERMISSIONS[permission]}, and yours is ${session.role}`;
      throw new VaneError("auth.forbidden", `You may not do this: ${needs}. Ask an admin.`);
    }
    return next({ ctx: { session, door: ctx.doorOf(principalOf(session)) } });
  });

/** For the few things that are done without a session: sign-in and set-up. A test lists them. */
export const doorProcedure = t.procedure.meta({ permission: "door" }).use(withErrors);

/** For what belongs to the whole installation. There is no way to make a procedure without a permission. */
export const procedure = (permission: Permission) =>
  t.procedure.meta({ permission }).use(withErrors).use(permitted(permission));

/** For what is about one DAG: the id is part of the input, so that no second one can differ from it. */
export const dagProcedure = (permission: Permission) =>
  procedure(permission).input(z.object({ dagId: DagId }));

/** A procedure that takes nothing refuses whatever it is sent. */
export const NoInput = z.void();
