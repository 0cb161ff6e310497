import { z } from "zod";
import type { Actor } from "./audit";
import type { Statement } from "./statement";

/** Of what has no row of its own to be written along with. */
export function noteAudit(
  { principal, address }: Actor,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>> = {},
): Statement<unknown> {
  return {
    name: "note_audit",
    text: "insert into audit_event (principal, action, subject, detail, address) values ($1, $2, $3, $4, $5)",
    values: [principal, action, subject, JSON.stringify(detail), address ?? null],
    row: z.unknown(),
  };
}
