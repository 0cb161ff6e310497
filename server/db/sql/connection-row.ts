import { z } from "zod";
import { CONNECTION_KINDS } from "../../domain/connection";
import { JsonText } from "./json-text";

/** Without its secrets. */
export const ConnectionColumns = z.object({
  id: z.string(),
  kind: z.enum(CONNECTION_KINDS),
  host: z.string().nullable(),
  port: z.int().nullable(),
  login: z.string().nullable(),
  schema: z.string().nullable(),
  extra: JsonText.pipe(z.record(z.string(), z.json())),
});
