import { z } from "zod";
import type { Statement } from "./statement";

/** How many DAGs there are to own and how many schedulers to own them. */
export const countShare: Statement<{ dags: number; schedulers: number }> = {
  name: "count_share",
  text: `select (select count(*) from dag where active or owner is not null) as dags,
                (select count(*) from process where kind = 'scheduler' and not dead) as schedulers`,
  values: [],
  row: z.object({ dags: z.int(), schedulers: z.int() }),
};
