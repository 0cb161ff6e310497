import { z } from "zod";
import type { Statement } from "../../db/sql/statement";

/** Content-addressed: who has it already has the same. */
export function putBundle(hash: string, code: string, sourceMap: string): Statement<unknown> {
  return {
    name: "put_bundle",
    text: "insert into bundle (hash, code, source_map) values ($1, $2, $3) on conflict (hash) do nothing",
    values: [hash, code, sourceMap],
    row: z.unknown(),
  };
}
