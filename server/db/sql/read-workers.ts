import { z } from "zod";
import { ProcessId } from "../../domain/ids";
import type { Statement } from "./statement";

const row = z
  .object({
    ...{ id: ProcessId, host: z.string(), boot_id: z.string(), pid_namespace: z.string(), pid: z.int() },
    ...{ pid_start: z.string(), dead: z.boolean() },
  })
  .transform(({ id, host, boot_id, pid_namespace, pid, pid_start, dead }) => ({
    ...{ id, dead },
    identity: { host, bootId: boot_id, pidNamespace: pid_namespace, pid, pidStart: pid_start },
  }));

export type WorkerRow = z.infer<typeof row>;

/** The rows of workers, the dead included: who they were, so that their end can be proved. */
export function readWorkers(ids: readonly ProcessId[]): Statement<WorkerRow> {
  return {
    name: "read_workers",
    text: `select id, host, boot_id, pid_namespace, pid, pid_start, dead from process
            where id = any($1::uuid[]) and kind = 'worker'`,
    values: [ids],
    row,
  };
}
