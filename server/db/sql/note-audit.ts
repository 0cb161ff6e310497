import { z } from "zod";
import type { Statement } from "./statement";

/** Of what has no row of its own to be written along with. */
export function noteAudit(principal: string, action: string, subject: string): Statement<unknown> {
  return {
    name: "note_audit",
    text: "insert into audit_event (principal, action, subject) values ($1, $2, $3)",
    values: [principal, action, subject],
    row: z.unknown(),
  };
}
