import { createHash, randomBytes } from "node:crypto";
import type { Pool } from "pg";
import { findSetUpLink } from "../db/sql/find-set-up-link";
import { query } from "../db/sql/statement";

export const newSetUpToken = (): string => randomBytes(32).toString("base64url");

/** All that is stored of it. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");

export async function checkLink(db: Pool, token: string): Promise<"open" | "used" | "expired" | "unknown"> {
  const [link] = await query(db, findSetUpLink(hashToken(token)));
  if (link?.hasAdmin) return "used";
  if (link?.open == null) return "unknown";
  return link.open ? "open" : "expired";
}
