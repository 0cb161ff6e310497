import { z } from "zod";
import { SetUp } from "../../domain/account";
import { doorProcedure } from "../trpc";

/** Whether a set-up link would be taken. Changes nothing, and is sent as a mutation all the same: a query's input stands in its URL. */
export const checkSetUp = doorProcedure
  .input(SetUp.pick({ token: true }))
  .output(z.enum(["open", "used", "expired", "unknown"]))
  .mutation(({ ctx, input }) => ctx.auth.checkSetUp(input.token));
