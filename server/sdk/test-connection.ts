import type { ConnectionFacts } from "../executor/protocol";
import { VaneError } from "../platform/errors";

const KINDS: Readonly<Record<string, string>> = {
  ...{ postgres: "postgres", postgresql: "postgres" },
  ...{ http: "http", https: "http", telegram: "telegram" },
};

/** What a test gave as a URL, in the form in which a running system hands out connections. */
export function factsOfUrl(id: string, text: string): ConnectionFacts {
  if (!URL.canParse(text)) {
    throw new VaneError(
      "test.not_given",
      `connections.${id} is no URL: write it as postgres://user@host/database.`,
    );
  }
  const url = new URL(text);
  const schema = decodeURIComponent(url.pathname.slice(1));
  return {
    kind: KINDS[url.protocol.slice(0, -1)] ?? "generic",
    url: text,
    host: url.hostname || null,
    port: url.port === "" ? null : Number(url.port),
    login: url.username === "" ? null : decodeURIComponent(url.username),
    schema: schema === "" ? null : schema,
    extra: Object.fromEntries(url.searchParams),
    secrets: url.password === "" ? {} : { password: decodeURIComponent(url.password) },
  };
}
