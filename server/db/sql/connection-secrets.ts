import { z } from "zod";
import type { Statement } from "./statement";

const row = z.object({ id: z.string(), text: z.string() });
const changed = z.object({ id: z.string() });

/** Ciphertexts, a slice at a time, in the order of their ids. */
export function connectionSecrets(afterId: string): Statement<z.infer<typeof row>> {
  return {
    name: "connection_secrets",
    text: "select id, secrets as text from connection where id > $1 order by id limit 100",
    values: [afterId],
    row,
  };
}

/** No row: somebody has written it meanwhile. */
export function replaceConnectionSecrets(
  id: string,
  before: string,
  after: string,
): Statement<z.infer<typeof changed>> {
  return {
    name: "replace_connection_secrets",
    text: "update connection set secrets = $3 where id = $1 and secrets = $2 returning id",
    values: [id, before, after],
    row: changed,
  };
}
