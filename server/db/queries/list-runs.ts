import type { DagId } from "../../domain/ids";
import type { RunStateName } from "../../domain/run-state";
import type { Statement } from "../sql/statement";
import { RUN_COLUMNS, RunRow } from "./run-row";

interface Filter {
  readonly dagId: DagId | null;
  readonly state: RunStateName | null;
  /** null: all of them. */
  readonly limit: number | null;
}

const TEXT = `
  select ${RUN_COLUMNS} from dag_run r
   where ($1::text is null or r.dag_id = $1)
     and ($2::text is null or r.state = $2)
   order by r.run_key desc
   limit $3`;

/** Newest first. */
export function listRuns({ dagId, state, limit }: Filter): Statement<RunRow> {
  return { name: "list_runs", text: TEXT, values: [dagId, state, limit], row: RunRow };
}
