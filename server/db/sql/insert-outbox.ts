import { z } from "zod";
import { channelOf, type Alert } from "../../domain/alerts";
import type { Statement } from "./statement";

/** Whoever delivers hears of it at COMMIT, once a flush. */
const TEXT = `
  with put as (
    insert into outbox (dedupe_key, kind, dag_id, run_key, about, task_id, map_index, attempt, event, version, list,
      position, happened, notifier, options, channel)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::int[], $8::int[],
      $9::text[], $10::int[], $11::text[], $12::int[], $13::text[], $14::text[], $15::text[], $16::text[])
    on conflict (dedupe_key) do nothing
    returning kind
  )
  select pg_notify('vane_outbox', '') from (select 1 from put where kind = 'notifier' limit 1) as one`;

export function insertOutbox(alerts: readonly Alert[]): Statement<unknown> {
  const entries = alerts.map(({ callback }) =>
    "notifier" in callback
      ? {
          ...{ kind: "notifier", notifier: callback.notifier, channel: channelOf(callback) },
          options: JSON.stringify(callback.options),
        }
      : { kind: "function", notifier: null, channel: null, options: "{}" },
  );
  return {
    name: "insert_outbox",
    text: TEXT,
    values: [
      alerts.map(({ dedupeKey }) => dedupeKey),
      entries.map(({ kind }) => kind),
      alerts.map(({ dagId }) => dagId),
      alerts.map(({ runKey }) => runKey),
      alerts.map(({ about }) => about),
      alerts.map(({ attempt }) => attempt?.taskId ?? null),
      alerts.map(({ attempt }) => attempt?.mapIndex ?? null),
      alerts.map(({ attempt }) => attempt?.attempt ?? null),
      alerts.map(({ event }) => event),
      alerts.map(({ version }) => version),
      alerts.map(({ list }) => list),
      alerts.map(({ position }) => position),
      alerts.map(({ happened }) => JSON.stringify(happened)),
      entries.map(({ notifier }) => notifier),
      entries.map(({ options }) => options),
      entries.map(({ channel }) => channel),
    ],
    row: z.unknown(),
  };
}
