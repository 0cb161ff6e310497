import { z } from "zod";
import type { ProcessId } from "../../domain/ids";
import type { Statement } from "./statement";

/**
 * A scheduler's beat, inside its fenced flush, so that one that was marked dead learns of it although it has nothing to
 * write. Trims its log of flushes up to the newest it knows the answer of, and that of the dead, who are fenced anyway.
 */
export function beat(id: ProcessId, acknowledgedSeq: number, info: object): Statement<unknown> {
  return {
    name: "beat",
    text: `
      with trimmed as (
        delete from flush_log l where l.process = $1 and l.seq < $2
      ), buried as (
        delete from flush_log l using process p where p.id = l.process and p.dead
      )
      update process set beat = beat + 1, beat_at = clock_timestamp(), info = $3 where id = $1`,
    values: [id, acknowledgedSeq, JSON.stringify(info)],
    row: z.unknown(),
  };
}
