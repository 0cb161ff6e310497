import { z } from "zod";
import type { ProcessId } from "../../domain/ids";
import { SERIALIZED_FORMAT } from "../../domain/serialized-dag";
import type { ProcessIdentity } from "../../platform/process-identity";
import type { Statement } from "./statement";

export interface HeardWorker {
  readonly worker: ProcessId;
  readonly identity: ProcessIdentity;
  readonly address: string;
  readonly slots: number;
}

/** A worker knows no database: whoever hears it writes its row and its beat. One that was marked dead stays so. */
export function beatWorkers(heard: readonly HeardWorker[]): Statement<unknown> {
  const identities = heard.map(({ identity }) => identity);
  return {
    name: "beat_workers",
    text: `
      insert into process (id, kind, host, boot_id, pid_namespace, pid, pid_start, format, address, info)
      select w.id, 'worker', w.host, w.boot_id, w.pid_namespace, w.pid, w.pid_start, $9, w.address, w.info
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[])
          as w (id, host, boot_id, pid_namespace, pid, pid_start, address, info)
      on conflict (id) do update set beat = process.beat + 1, beat_at = clock_timestamp(), info = excluded.info
       where not process.dead`,
    values: [
      heard.map(({ worker }) => worker),
      identities.map(({ host }) => host),
      identities.map(({ bootId }) => bootId),
      identities.map(({ pidNamespace }) => pidNamespace),
      identities.map(({ pid }) => pid),
      identities.map(({ pidStart }) => pidStart),
      heard.map(({ address }) => address),
      heard.map(({ slots }) => JSON.stringify({ slots })),
      SERIALIZED_FORMAT,
    ],
    row: z.unknown(),
  };
}
