import { z } from "zod";
import { doorProcedure, NoInput } from "../trpc";

/** Needs no session: whoever has none any more is signed out as well, and loses the cookie. */
export const signOut = doorProcedure
  .input(NoInput)
  .output(z.strictObject({ kind: z.literal("signed_out") }))
  .mutation(async ({ ctx }) => {
    const { outcome, cookies } = await ctx.auth.signOut(ctx.headers, ctx.caller);
    ctx.sendCookies(cookies);
    return outcome;
  });
