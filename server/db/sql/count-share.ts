import { z } from "zod";
import { NEEDS_OWNER } from "./claim-dags";
import type { Statement } from "./statement";

/** How many DAGs there are to own and how many schedulers to own them. What is counted here is what a claim may take. */
export const countShare: Statement<{ dags: number; schedulers: number }> = {
  name: "count_share",
  text: `select (select count(*) from dag d where d.owner is not null or (${NEEDS_OWNER})) as dags,
                (select count(*) from process where kind = 'scheduler' and not dead) as schedulers`,
  values: [],
  row: z.object({ dags: z.int(), schedulers: z.int() }),
};
