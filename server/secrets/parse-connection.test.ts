import { expect, it } from "vitest";
import { factsOf, secretTexts } from "../domain/connection";
import { parseConnection } from "./parse-connection";

function factsFrom(given: string) {
  const parsed = parseConnection(given);
  return parsed.kind === "parsed" ? factsOf(parsed.parts) : parsed;
}

const NOTHING = { host: null, port: null, login: null, schema: null, extra: {}, secrets: {} };

it.each([
  [
    "postgres://app:p%40ss%2Fw@db.internal:5433/prices?sslmode=require",
    {
      ...{ kind: "postgres", host: "db.internal", port: 5433, login: "app", schema: "prices" },
      extra: { sslmode: "require" },
      url: "postgres://app:p%40ss%2Fw@db.internal:5433/prices?sslmode=require",
      secrets: {
        password: "p@ss/w",
        url: "postgres://app:p%40ss%2Fw@db.internal:5433/prices?sslmode=require",
      },
    },
  ],
  [
    "postgresql://[::1]/x",
    { ...NOTHING, kind: "postgres", host: "::1", schema: "x", url: "postgres://[::1]/x" },
  ],
  [
    "https://TOKEN@api.example:8443/v1/",
    {
      ...{ ...NOTHING, kind: "http", host: "api.example", port: 8443, schema: "https" },
      ...{ extra: { path: "/v1" }, secrets: { token: "TOKEN" }, url: "https://api.example:8443/v1" },
    },
  ],
  [
    "http://reader:word@api.example/?api_key=K1&page=2",
    {
      ...{ ...NOTHING, kind: "http", host: "api.example", login: "reader", schema: "http" },
      ...{ extra: { page: "2" }, secrets: { password: "word", api_key: "K1" }, url: "http://api.example" },
    },
  ],
  [
    "telegram://:123456:AB-c_D@-100200",
    {
      ...{ ...NOTHING, kind: "telegram", host: "-100200", secrets: { token: "123456:AB-c_D" } },
      url: "https://api.telegram.org",
    },
  ],
  [
    "telegram://123456:AB-c_D@ops_channel?apiRoot=http://127.0.0.1:8081",
    {
      ...{ ...NOTHING, kind: "telegram", host: "@ops_channel", secrets: { token: "123456:AB-c_D" } },
      ...{ extra: { apiRoot: "http://127.0.0.1:8081" }, url: "http://127.0.0.1:8081" },
    },
  ],
  [
    "redis://:word@cache:6379/0",
    {
      ...{ ...NOTHING, kind: "generic", host: "cache", port: 6379, schema: "0" },
      ...{
        secrets: { password: "word", url: "redis://:word@cache:6379/0" },
        url: "redis://:word@cache:6379/0",
      },
    },
  ],
  [
    `{"conn_type":"postgres","host":"db","login":"app","password":"a/b","schema":"x","port":"5432","extra":"{\\"sslmode\\":\\"require\\"}"}`,
    {
      ...{
        kind: "postgres",
        host: "db",
        port: 5432,
        login: "app",
        schema: "x",
        extra: { sslmode: "require" },
      },
      url: "postgres://app:a%2Fb@db:5432/x?sslmode=require",
      secrets: { password: "a/b", url: "postgres://app:a%2Fb@db:5432/x?sslmode=require" },
    },
  ],
  [
    `{"conn_type":"http","host":"https://api.example/v2","password":"word","login":"me","extra":{"headers":{"Authorization":"Bearer abcdef"},"timeout":5}}`,
    {
      ...{ kind: "http", host: "api.example", port: null, login: "me", schema: "https" },
      ...{ extra: { path: "/v2", timeout: 5 }, url: "https://api.example/v2" },
      secrets: { password: "word", headers: '{"Authorization":"Bearer abcdef"}' },
    },
  ],
  [
    `{"conn_type":"telegram","host":"-1","password":"12:ab"}`,
    {
      ...NOTHING,
      kind: "telegram",
      host: "-1",
      secrets: { token: "12:ab" },
      url: "https://api.telegram.org",
    },
  ],
  [
    `{"conn_type":"mysql","host":"db","password":"word","secrets":{"pin":"1234"}}`,
    { ...NOTHING, kind: "generic", host: "db", url: "", secrets: { password: "word", pin: "1234" } },
  ],
])("reads %s", (given, facts) => {
  expect(factsFrom(given)).toEqual(facts);
});

it.each([
  ["", "it is neither a URL"],
  ["db.internal/prices", "it is neither a URL"],
  ["postgres://app:pa#ss-canary@db/x", "%23 for #"],
  ["postgres://app:pa/canary@db/x", "%2F for /"],
  ['{"conn_type":"postgres","password":"canary"', "the JSON is broken"],
  ['{"host":"canary"}', "at conn_type: say postgres, http, telegram or generic."],
  ['{"conn_type":"http"}', "an http connection needs a host."],
  ['{"conn_type":"http","host":"x","schema":"canary"}', "http or https"],
  ['{"conn_type":"postgres","port":99999}', "at port: a port from 1 to 65535 is wanted."],
  ['{"conn_type":"postgres","extra":"canary"}', "at extra: a JSON object is wanted."],
  ['{"conn_type":"postgres","passwort":"canary"}', "(passwort)"],
  ["telegram://-100200", "needs the bot's token"],
  ["postgres://a%00b@db/x", "NUL"],
])("says what is wrong with %s, and nothing of what it says", (given, why) => {
  const parsed = parseConnection(given);
  expect(parsed).toMatchObject({ kind: "wrong", why: expect.stringContaining(why) });
  expect(JSON.stringify(parsed)).not.toContain("canary");
});

it("knows the secrets inside of secrets, and takes no prototype for one", () => {
  expect(secretTexts({ headers: '{"Authorization":"Bearer abcdef","accept":"json"}', plain: "{x" })).toEqual([
    '{"Authorization":"Bearer abcdef","accept":"json"}',
    "Bearer abcdef",
    "{x",
  ]);
  const facts = factsFrom(`{"conn_type":"generic","extra":{"__proto__":{"polluted":1}}}`);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect(facts).toMatchObject({ kind: "generic" });
});
