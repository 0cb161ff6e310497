import { z } from "zod";
import { JsonText } from "./json-text";
import type { Statement } from "./statement";

/** `owned`: whether a live scheduler holds the DAG, so that an answer can be expected soon. */
const TEXT = `
  select c.outcome,
         exists (select from dag d join process p on p.id = d.owner
                  where d.dag_id = c.dag_id and not p.dead) as owned
    from command c where c.id = $1`;

const row = z.object({ outcome: JsonText.nullable(), owned: z.boolean() });

export function findAnswer(commandId: number): Statement<z.infer<typeof row>> {
  return { name: "find_answer", text: TEXT, values: [commandId], row };
}
