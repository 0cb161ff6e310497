import type { TRPCError } from "@trpc/server";
import { z } from "zod";
import { isLostDatabase } from "../db/lost-database";
import { toVaneError, VaneError } from "../platform/errors";

/** The same error each time it is asked, since its id stands in the log and on the screen. */
const known = new WeakMap<TRPCError, VaneError>();

/** What may be shown of whatever ended a request. */
export function shownError(error: TRPCError): VaneError {
  const found = known.get(error) ?? translate(error);
  known.set(error, found);
  return found;
}

function translate({ code, cause, message }: TRPCError): VaneError {
  if (cause instanceof VaneError) return cause;
  if (isLostDatabase(cause)) {
    return new VaneError("database.unavailable", "The database does not answer. Try again in a moment.", {
      cause,
    });
  }
  if (code === "BAD_REQUEST" || code === "PARSE_ERROR") {
    return cause instanceof z.ZodError
      ? new VaneError("input.invalid", z.prettifyError(cause), { cause })
      : new VaneError("request.malformed", "Vane cannot read this request.", { detail: { message }, cause });
  }
  if (code === "NOT_FOUND") {
    return new VaneError(
      "request.unknown",
      "Vane does not know this request. Reload: this page may be older than Vane.",
    );
  }
  return code === "METHOD_NOT_SUPPORTED" ? wrongMethod() : toVaneError(cause ?? new Error(message));
}

export const wrongMethod = () =>
  new VaneError("request.wrong_method", "Reading is done by GET, changing by POST.");
