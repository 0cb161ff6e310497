import type { z } from "zod";
import { SerializedDag } from "../../domain/serialized-dag";
import { JsonText } from "../sql/json-text";

/** The column `dag_version.structure`, whole. */
export const Structure = JsonText.pipe(SerializedDag);

/** As much of it as a list shows: parsing every node of every DAG would be most of the work. */
export const StructureHead = JsonText.pipe(
  SerializedDag.pick({ schedule: true, settings: true }).loose(),
).transform(({ schedule, settings }) => ({ schedule, settings }));
export type StructureHead = z.infer<typeof StructureHead>;

/** The version that new runs get; before an owner has set it, the newest. Alias `v`. */
export const JOIN_CURRENT_VERSION = `
  join lateral (
    select number, structure, structure_hash, created_at from dag_version
     where dag_id = d.dag_id
     order by (number = d.current_version) desc nulls last, number desc
     limit 1
  ) v on true`;
