import { SignInOutcome } from "../../auth/auth.types";
import { SignIn } from "../../domain/account";
import { doorProcedure } from "../trpc";

export const signIn = doorProcedure
  .input(SignIn)
  .output(SignInOutcome)
  .mutation(async ({ ctx, input }) => {
    const { outcome, cookies } = await ctx.auth.signIn(input, ctx.caller);
    ctx.sendCookies(cookies);
    return outcome;
  });
