import { z } from "zod";
import { ProcessId } from "../../domain/ids";
import type { Statement } from "./statement";

const row = z
  .object({
    id: ProcessId,
    kind: z.enum(["supervisor", "scheduler", "loader", "triggerer", "worker", "web"]),
    host: z.string(),
    boot_id: z.string(),
    pid_namespace: z.string(),
    pid: z.int(),
    pid_start: z.string(),
    beat: z.int(),
  })
  .transform(({ boot_id, pid_namespace, pid_start, ...rest }) => ({
    ...rest,
    ...{ bootId: boot_id, pidNamespace: pid_namespace, pidStart: pid_start },
  }));

export type LiveProcess = z.infer<typeof row>;

/** Everybody not marked dead, for who watches over them. */
export const liveProcesses: Statement<LiveProcess> = {
  name: "live_processes",
  text: `select id, kind, host, boot_id, pid_namespace, pid, pid_start, beat from process where not dead`,
  values: [],
  row,
};
