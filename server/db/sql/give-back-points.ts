import { z } from "zod";
import type { Statement } from "./statement";

export function giveBackPoints(keys: readonly string[]): Statement<unknown> {
  return {
    name: "give_back_points",
    text: "update rate_limit set points = points - 1 where key = any($1) and points > 0 and expires_at > now()",
    values: [keys],
    row: z.unknown(),
  };
}
