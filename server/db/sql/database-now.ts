import { z } from "zod";
import type { Statement } from "./statement";

export const databaseNow: Statement<{ now: Date }> = {
  name: "database_now",
  text: "select now() as now",
  values: [],
  row: z.object({ now: z.date() }),
};
