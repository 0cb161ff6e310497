import { createHmac, timingSafeEqual } from "node:crypto";
import type { ProcessId } from "../domain/ids";

/** Proof that a scheduler holds the install key, for this one challenge. */
export function helloHmac(installKey: string, nonce: string, process: ProcessId): string {
  return createHmac("sha256", installKey).update(`${nonce}:${process}`).digest("hex");
}

export function isHelloHmac(hmac: string, installKey: string, nonce: string, process: ProcessId): boolean {
  const wanted = Buffer.from(helloHmac(installKey, nonce, process));
  const given = Buffer.from(hmac);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}
