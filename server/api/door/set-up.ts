import { SetUpOutcome } from "../../auth/auth.types";
import { SetUp } from "../../domain/account";
import { doorProcedure } from "../trpc";

export const setUp = doorProcedure
  .input(SetUp)
  .output(SetUpOutcome)
  .mutation(async ({ ctx, input }) => {
    const { outcome, cookies } = await ctx.auth.setUp(input, ctx.caller);
    ctx.sendCookies(cookies);
    return outcome;
  });
