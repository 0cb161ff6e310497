import fc from "fast-check";
import { expect, it } from "vitest";
import { decrypt, encrypt, keyOf, type Place } from "./encryption";
import { newSecretKey, type KeyRing } from "./key-ring";

const [old, young, other] = [newSecretKey(), newSecretKey(), newSecretKey()];
const PLACE: Place = { table: "connection", row: "main", field: "secrets" };
const ring: KeyRing = [young, old];

const units = fc.nat(0xffff).map((unit) => String.fromCharCode(unit));

it("gives back what it was given, never the same twice, and shows nothing of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: units }), (text) => {
      const whole = Buffer.from(text).toString(); // a lone surrogate has no UTF-8
      const [one, two] = [encrypt(ring, PLACE, whole), encrypt(ring, PLACE, whole)];
      expect(decrypt(ring, PLACE, one)).toEqual({ kind: "decrypted", text: whole });
      expect(one).not.toBe(two);
    }),
  );
  expect(encrypt(ring, PLACE, "canary")).not.toMatch(/canary|Y2FuYXJ5/);
});

it("encrypts with the first key and decrypts with any", () => {
  const before = encrypt([old], PLACE, "x");
  expect([keyOf(before), keyOf(encrypt(ring, PLACE, "x"))]).toEqual([old.id, young.id]);
  expect(decrypt(ring, PLACE, before)).toEqual({ kind: "decrypted", text: "x" });
});

it("names the key that is missing", () => {
  expect(decrypt(ring, PLACE, encrypt([other], PLACE, "x"))).toEqual({ kind: "unknown_key", key: other.id });
});

it.each<[string, Place]>([
  ["table", { ...PLACE, table: "variable" }],
  ["row", { ...PLACE, row: "main2" }],
  ["field", { ...PLACE, field: "extra" }],
])("is worth nothing in another %s", (_what, place) => {
  expect(decrypt(ring, place, encrypt(ring, PLACE, "x"))).toEqual({ kind: "damaged" });
});

it("does not take another key under the same id", () => {
  const forged: KeyRing = [{ ...other, id: young.id }];
  expect(decrypt(forged, PLACE, encrypt(ring, PLACE, "x"))).toEqual({ kind: "damaged" });
});

it("sees any bit that was changed and any byte that is missing", () => {
  const { key, nonce, data } = JSON.parse(encrypt(ring, PLACE, "secret")) as Record<string, string>;
  const bytes = Buffer.from(data ?? "", "base64");
  const changed = Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const copy = Buffer.from(bytes);
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return copy;
  });
  const cut = Array.from({ length: bytes.length }, (_, length) => bytes.subarray(0, length));
  for (const wrong of [...changed, ...cut]) {
    const text = JSON.stringify({ key, nonce, data: wrong.toString("base64") });
    expect(decrypt(ring, PLACE, text)).toEqual({ kind: "damaged" });
  }
});

it.each(["", "{}", "secret", '{"key":"a","nonce":1,"data":""}', '{"key":"a","nonce":"","data":"!"}'])(
  "calls %j damaged",
  (text) => {
    expect(decrypt(ring, PLACE, text)).toEqual({ kind: "damaged" });
    expect(keyOf(text)).toBeUndefined();
  },
);
