import { z } from "zod";
import { connectionKind, partsOfUrl, splitExtra, type ConnectionParts } from "../domain/connection";
import type { Json } from "../domain/serialized-dag";

export type ParsedConnection =
  | { readonly kind: "parsed"; readonly parts: ConnectionParts }
  /** `why`: a sentence, which never repeats what was given: most of it is secret. */
  | { readonly kind: "wrong"; readonly why: string };

const Extra = z.record(z.string(), z.json());
const ExtraText = z.string().transform((text, context): Record<string, Json> => {
  const parsed = Extra.safeParse(text.trim() === "" ? {} : parseJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue("extra: a JSON object is wanted.");
  return z.NEVER;
});
const text = z.string().nullish();
const Port = z.coerce.number<string | number>().int().min(1).max(65_535);

/** As Airflow writes a connection; `secrets` is ours, for more than one. */
const ConnectionJson = z.strictObject({
  conn_id: text,
  conn_type: z.string(),
  description: text,
  ...{ host: text, login: text, password: text, schema: text },
  port: z.union([z.literal("").transform(() => null), Port]).nullish(),
  extra: z.union([ExtraText, Extra]).nullish(),
  secrets: z.record(z.string(), z.string()).optional(),
});
export type ConnectionJson = z.input<typeof ConnectionJson>;

const FORMS = "a URL like postgres://user:password@host:5432/database nor a JSON object with conn_type";

/** What an environment variable or a person gives: a URL, or JSON. */
export function parseConnection(given: string): ParsedConnection {
  const trimmed = given.trim();
  if (trimmed.startsWith("{")) return parseConnectionJson(parseJson(trimmed));
  const parts = partsOfUrl(trimmed);
  if (parts) return checked(parts);
  return wrong(
    `it is neither ${FORMS}. In a URL a password's special characters are encoded: %23 for #, %2F for /, %40 for @.`,
  );
}

export function parseConnectionJson(given: unknown): ParsedConnection {
  const parsed = ConnectionJson.safeParse(given);
  if (!parsed.success) {
    if (given === undefined) return wrong(`it is neither ${FORMS}: the JSON is broken.`);
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === "unrecognized_keys" ? ` (${issue.keys.join(", ")})` : "";
    const where = issue?.path.join(".") ?? "";
    return wrong(`its JSON does not fit${where === "" ? "" : ` at ${where}`}${unknown}: ${wishOf(issue)}`);
  }
  const { conn_type, host, login, password, schema, port, extra, secrets } = parsed.data;
  const split = splitExtra(extra ?? {});
  return checked(
    ofKind({
      kind: connectionKind(conn_type),
      host: orNull(host),
      port: port ?? null,
      login: orNull(login),
      schema: orNull(schema),
      extra: split.extra,
      secrets: {
        ...split.secrets,
        ...secrets,
        ...(orNull(password) !== null && { password: password ?? "" }),
      },
    }),
  );
}

const WISHES: Readonly<Record<string, string>> = {
  conn_type: "say postgres, http, telegram or generic.",
  port: "a port from 1 to 65535 is wanted.",
  extra: "a JSON object is wanted.",
};

const wishOf = (issue: z.core.$ZodIssue | undefined) =>
  WISHES[String(issue?.path[0])] ??
  "it has conn_type, host, port, login, password, schema, extra and secrets, all but port and extra as text.";

/** Where JSON and URL differ for one kind, the JSON becomes as the URL. */
function ofKind(parts: ConnectionParts): ConnectionParts {
  const { kind, host, secrets } = parts;
  if (kind === "telegram" && secrets["token"] === undefined) {
    const { password, ...others } = secrets;
    return { ...parts, secrets: password === undefined ? others : { ...others, token: password } };
  }
  // Airflow takes a whole address as the host of an HTTP connection.
  const base = kind === "http" && host?.includes("://") ? partsOfUrl(host) : undefined;
  if (!base) return parts;
  return {
    ...parts,
    ...{
      host: base.host,
      port: parts.port ?? base.port,
      schema: base.schema,
      login: parts.login ?? base.login,
    },
    extra: { ...base.extra, ...parts.extra },
    secrets: { ...base.secrets, ...secrets },
  };
}

function checked(parts: ConnectionParts): ParsedConnection {
  const { kind, host, login, schema, secrets } = parts;
  if ([host, login, schema].some((part) => part?.includes("\0"))) return wrong("it holds a NUL character.");
  if (kind === "http" && host === null) return wrong("an http connection needs a host.");
  if (kind === "http" && !["http", "https", null].includes(schema)) {
    return wrong("the schema of an http connection is http or https; a path goes into extra.path.");
  }
  if (kind === "telegram" && !secrets["token"]) {
    return wrong("a telegram connection needs the bot's token: telegram://:TOKEN@CHAT.");
  }
  return { kind: "parsed", parts };
}

const wrong = (why: string): ParsedConnection => ({ kind: "wrong", why });

const orNull = (given: string | null | undefined) => (given === undefined || given === "" ? null : given);

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
