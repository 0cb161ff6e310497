import type { Json } from "./serialized-dag";

export const CONNECTION_KINDS = ["postgres", "http", "telegram", "generic"] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

type Extra = Readonly<Record<string, Json>>;
type Secrets = Readonly<Record<string, string>>;

/**
 * A connection as it is kept. What a column means goes with the kind, as in Airflow:
 *
 *   postgres   schema: the database; extra: what stands behind the ? of the URL
 *   http       schema: http or https; extra.path: where the API begins
 *   telegram   host: the chat; secrets.token; extra.apiRoot: another server than Telegram's own
 *   generic    schema: the URL's path; secrets.url: the URL as it was given
 */
export interface ConnectionParts {
  readonly kind: ConnectionKind;
  readonly host: string | null;
  readonly port: number | null;
  readonly login: string | null;
  readonly schema: string | null;
  readonly extra: Extra;
  readonly secrets: Secrets;
}

/** What a task gets: the parts, and the URL made of them. */
export interface ConnectionFacts extends Omit<ConnectionParts, "kind" | "extra"> {
  readonly kind: string;
  readonly url: string;
  readonly extra: Record<string, Json>;
  readonly secrets: Record<string, string>;
}

const TELEGRAM_API = "https://api.telegram.org";

export function factsOf(parts: ConnectionParts): ConnectionFacts {
  const facts = { ...parts, extra: { ...parts.extra }, secrets: { ...parts.secrets } };
  switch (parts.kind) {
    case "postgres": {
      const url = postgresUrl(parts);
      const hasSecret = Object.keys(parts.secrets).length > 0;
      return { ...facts, url, ...(hasSecret && { secrets: { ...parts.secrets, url } }) };
    }
    case "http":
      // Without the credentials: fetch takes no URL that has them.
      return { ...facts, url: httpUrl(parts) };
    case "telegram":
      return { ...facts, url: textAt(parts.extra, "apiRoot") ?? TELEGRAM_API };
    case "generic":
      return { ...facts, url: parts.secrets["url"] ?? "" };
  }
}

function postgresUrl({ host, port, login, schema, extra, secrets }: ConnectionParts): string {
  const { password } = secrets;
  const name = login === null ? "" : encodeURIComponent(login);
  const user = password === undefined ? name : `${name}:${encodeURIComponent(password)}`;
  const settings = [
    ...Object.entries(extra),
    ...Object.entries(secrets).filter(([key]) => key.startsWith("ssl")),
  ].flatMap(([key, value]) =>
    typeof value === "object" ? [] : [`${encodeURIComponent(key)}=${encodeURIComponent(value)}`],
  );
  const at = `${user === "" ? "" : `${user}@`}${inUrl(host ?? "localhost")}${port === null ? "" : `:${port}`}`;
  const query = settings.length === 0 ? "" : `?${settings.join("&")}`;
  return `postgres://${at}/${schema === null ? "" : encodeURIComponent(schema)}${query}`;
}

function httpUrl({ host, port, schema, extra }: ConnectionParts): string {
  const path = (textAt(extra, "path") ?? "").replace(/^\/*(?=.)/, "/");
  return `${schema ?? "https"}://${inUrl(host ?? "")}${port === null ? "" : `:${port}`}${path}`;
}

const inUrl = (host: string) => (host.includes(":") ? `[${host}]` : host);

const textAt = (extra: Extra, key: string) => {
  const value = Object.hasOwn(extra, key) ? extra[key] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
};

const KIND_OF: Readonly<Record<string, ConnectionKind>> = {
  ...{ postgres: "postgres", postgresql: "postgres" },
  ...{ http: "http", https: "http", telegram: "telegram" },
};

/** Of a scheme, or of Airflow's `conn_type`. */
export const connectionKind = (word: string): ConnectionKind =>
  Object.hasOwn(KIND_OF, word) ? (KIND_OF[word] ?? "generic") : "generic";

/** Undefined: no URL that could be understood. A # is none: it is part of a password that was not encoded. */
export function partsOfUrl(text: string): ConnectionParts | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.includes("#") || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  const kind = connectionKind(scheme);
  const path = decoded(url.pathname);
  const { extra, secrets } = splitExtra(Object.fromEntries(url.searchParams));
  const [login, password] = [decoded(url.username), decoded(url.password)];
  const parts: ConnectionParts = {
    kind,
    host: orNull(decoded(url.hostname).replace(/^\[(.*)\]$/, "$1")),
    port: url.port === "" ? null : Number(url.port),
    login: orNull(login),
    schema: orNull(path.slice(1)),
    extra,
    secrets: password === "" ? secrets : { ...secrets, password },
  };
  switch (kind) {
    case "postgres":
      return parts;
    case "http": {
      // https://TOKEN@host: one word alone is no name to log in with.
      const token = login === "" || password === "" ? login || password : "";
      const base = path.replace(/\/+$/, "");
      return {
        ...parts,
        schema: scheme,
        extra: base === "" ? extra : { ...extra, path: base },
        ...(token !== "" && { login: null, secrets: { ...secrets, token } }),
      };
    }
    case "telegram": {
      // A bot's token has a colon, so that it looks like a name and a password.
      const token = login === "" ? password : `${login}:${password}`;
      const chat = parts.host;
      return {
        ...{ ...parts, login: null, schema: null, port: null },
        host: chat === null || /^(-?\d+|@.*)$/.test(chat) ? chat : `@${chat}`,
        secrets: token === "" ? secrets : { ...secrets, token },
      };
    }
    case "generic":
      return { ...parts, secrets: { ...parts.secrets, url: text } };
  }
}

const orNull = (text: string) => (text === "" ? null : text);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that stands for itself
  }
}

const SECRET_NAME =
  /passw(or)?d|passphrase|(^|_)pass$|secret|token|api_?key|private_?key|access_?key|authorization|credential|keyfile|service_?account/i;

/** Whether what goes by this name is to be hidden. */
export const isSecretName = (name: string) => SECRET_NAME.test(name);

/** An entry that holds a secret anywhere is one as a whole. */
export function splitExtra(given: Extra): Pick<ConnectionParts, "extra" | "secrets"> {
  const isSecret = ([name, value]: [string, Json]) => isSecretName(name) || holdsSecret(value);
  const entries = Object.entries(given);
  return {
    extra: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: Object.fromEntries(
      entries
        .filter(isSecret)
        .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
  };
}

const entriesOf = (value: Json): [string, Json][] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];

const holdsSecret = (value: Json): boolean =>
  entriesOf(value).some(([name, inner]) => isSecretName(name) || holdsSecret(inner));

/** Every text that must not be shown: the secrets, and what is secret inside of those that are JSON. */
export function secretTexts(secrets: Secrets): string[] {
  return Object.values(secrets).flatMap((text) => [text, ...insideOf(text)]);
}

function insideOf(text: string): string[] {
  if (!/^\s*[{[]/.test(text)) return [];
  try {
    return leaves(JSON.parse(text) as Json, false);
  } catch {
    return [];
  }
}

function leaves(value: Json, secret: boolean): string[] {
  if (typeof value === "string" && secret) return [value];
  return entriesOf(value).flatMap(([name, inner]) => leaves(inner, secret || isSecretName(name)));
}
