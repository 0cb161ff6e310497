import type { ConnectionParts } from "../../domain/connection";

type Shown = Omit<ConnectionParts, "secrets">;

/** Under Airflow's keys; `extra` is JSON text there, too. */
export const connectionJson = (
  id: string,
  { kind, host, port, login, schema, extra }: Shown,
  source: string,
) => ({
  conn_id: id,
  conn_type: kind as string | null,
  ...{ host, login, port, schema },
  extra: Object.keys(extra).length === 0 ? null : JSON.stringify(extra),
  source,
});

/** Of one that is known by its name only. */
export const environmentJson = (id: string) => ({
  conn_id: id,
  conn_type: null as string | null,
  ...{ host: null, login: null, port: null, schema: null },
  extra: null,
  source: "environment",
});
