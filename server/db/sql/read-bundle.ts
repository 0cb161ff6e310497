import { z } from "zod";
import type { Statement } from "./statement";

const row = z
  .object({ code: z.string(), source_map: z.string(), file: z.string() })
  .transform(({ source_map, ...rest }) => ({ ...rest, sourceMap: source_map }));

/** `file`: the DAG file it was made of, relative to the project. */
export function readBundle(hash: string): Statement<z.infer<typeof row>> {
  return {
    name: "read_bundle",
    text: `select b.code, b.source_map,
                  (select d.file from dag_version v join dag d using (dag_id) where v.bundle_hash = b.hash limit 1) as file
             from bundle b where b.hash = $1`,
    values: [hash],
    row,
  };
}
