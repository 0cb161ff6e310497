import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Pool } from "pg";
import { giveBackPoints } from "../db/sql/give-back-points";
import { query } from "../db/sql/statement";
import { takePoint, type Window } from "../db/sql/take-point";

/*
 * Wrong passwords, counted by the database: two statements of ours instead of a library, which would bring a table of its own
 * and a timer, and could not give back. A try is counted before the password is looked at, else forty at once would all be
 * looked at; one that was right is given back. A refused try counts nowhere, so that nobody is locked out for longer by asking.
 */

const WINDOW_SECONDS = 15 * 60;
const PER_ACCOUNT: Window = { points: 10, seconds: WINDOW_SECONDS };
const PER_ADDRESS: Window = { points: 50, seconds: WINDOW_SECONDS };

export type Try =
  | { readonly kind: "allowed"; readonly triesLeft: number; readonly giveBack: () => Promise<void> }
  | { readonly kind: "throttled"; readonly retryAfterSeconds: number };

export async function takeTry(db: Pool, email: string, address: string): Promise<Try> {
  const account = accountKey(email);
  const client = keyOf("address", networkOf(address));
  const ofAccount = await take(account, PER_ACCOUNT);
  if (ofAccount.kind === "throttled") return ofAccount;
  const ofClient = await take(client, PER_ADDRESS);
  if (ofClient.kind === "throttled") {
    await query(db, giveBackPoints([account]));
    return ofClient;
  }
  return {
    kind: "allowed",
    triesLeft: Math.min(ofAccount.left, ofClient.left),
    async giveBack() {
      await query(db, giveBackPoints([account, client]));
    },
  };

  async function take(key: string, window: Window) {
    const [found] = await query(db, takePoint(key, window));
    if (found?.left != null) return { kind: "taken", left: found.left } as const;
    return { kind: "throttled", retryAfterSeconds: found?.wait_seconds ?? window.seconds } as const;
  }
}

export const accountKey = (email: string) => keyOf("account", email);

/** Hashed: what was typed into a field for addresses may be anything. */
const keyOf = (what: "account" | "address", value: string) =>
  `${what}:${createHash("sha256").update(value).digest("base64url")}`;

/** Whoever has an IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.replace(/%.*$/, "").toLowerCase().split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const known = tail?.split(":").filter((group) => group !== "") ?? [];
  const zeros = tail === undefined ? 0 : 8 - groups.length - known.length;
  const all = [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...known];
  const network = all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}
