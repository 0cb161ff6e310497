import { expect, it } from "vitest";
import { AuthOptions, authOptions } from "./options";
import { hashToken, newSetUpToken } from "./set-up-link";

const [one, other] = ["ab".repeat(32), "cd".repeat(32)];

it("derives the same from a key at each start, and from another key another secret and another cookie", () => {
  expect(authOptions(one)).toEqual(authOptions(one));
  expect(authOptions(one).secret).not.toBe(authOptions(other).secret);
  expect(authOptions(one).cookieName).not.toBe(authOptions(other).cookieName);
});

it("hands on nothing that the key itself would open", () => {
  const options = authOptions(one, newSetUpToken());
  expect(JSON.stringify(options)).not.toContain(one);
  expect(options.secret).toMatch(/^[0-9a-f]{64}$/);
  expect(AuthOptions.parse(options)).toEqual(options);
});

it("takes no secret that is short, and no token", () => {
  expect(() => AuthOptions.parse({ ...authOptions(one), secret: "secret" })).toThrow();
  expect(() => AuthOptions.parse({ ...authOptions(one), setUpToken: "token" })).toThrow();
});

it("makes tokens of 256 bits, each another one, whose hash does not tell them", () => {
  const tokens = Array.from({ length: 100 }, newSetUpToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) {
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(hashToken(token)).not.toContain(token);
  }
});
