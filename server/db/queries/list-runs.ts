import type { DagId } from "../../domain/ids";
import type { RunStateName } from "../../domain/run-state";
import type { Statement } from "../sql/statement";
import { RUN_COLUMNS, RunRow } from "./run-row";

interface Filter {
  readonly dagId: DagId | null;
  readonly states: readonly RunStateName[];
  /** null: all of them. */
  readonly limit: number | null;
}

const TEXT = `
  select ${RUN_COLUMNS} from dag_run r
   where ($1::text is null or r.dag_id = $1)
     and (cardinality($2::text[]) = 0 or r.state = any ($2))
   order by r.run_key desc
   limit $3`;

/** Newest first. No states: all of them. */
export function listRuns({ dagId, states, limit }: Filter): Statement<RunRow> {
  return { name: "list_runs", text: TEXT, values: [dagId, states, limit], row: RunRow };
}
