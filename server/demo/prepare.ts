import { createHmac } from "node:crypto";
import { connectClient } from "../db/pool";
import type { SecretOptions } from "../secrets/options";
import { freePort } from "../supervisor/free-port";
import { prepareDemoDatabase } from "./database";
import { messagesFolder } from "./message-file";
import type { DemoOptions } from "./options";

interface Options {
  readonly home: string;
  readonly installKey: string;
  readonly logLevel: string;
  readonly databaseUrl: string;
  readonly embedded: boolean;
  readonly secrets: SecretOptions;
}

interface Demo {
  /** Of its process. */
  readonly options: DemoOptions;
  readonly url: string;
  /** The system's, with the demo's connections beside its own. */
  readonly secrets: SecretOptions;
}

const SEED = 1;
const CHAT = "-1000000000001";

/**
 * Everything that a demo needs before the others start. Its passwords come from the install key: there is nothing to keep
 * and nothing to lose.
 */
export async function prepareDemo({
  home,
  installKey,
  logLevel,
  databaseUrl,
  embedded,
  secrets,
}: Options): Promise<Demo> {
  const secret = (of: string) => createHmac("sha256", installKey).update(of).digest("base64url");
  const given = secrets.environment.connections;
  const postgres =
    given["DEMO_POSTGRES"] ??
    (await prepareDemoDatabase({ databaseUrl, embedded, password: secret("demo postgres") }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const token = `1:${secret("demo telegram").slice(0, 35)}`;
  const telegram = JSON.stringify({
    conn_type: "telegram",
    host: CHAT,
    password: token,
    extra: { apiRoot: url },
  });

  const taken = await inDatabase(databaseUrl, ["postgres_default", "telegram_default"]);
  const connections = {
    // For whoever tries `runDomain` or `telegram()` in the demo, unless they have their own.
    ...(!taken.has("postgres_default") && { POSTGRES_DEFAULT: postgres }),
    ...(!taken.has("telegram_default") && { TELEGRAM_DEFAULT: telegram }),
    // What the demo's DAGs use, by names of their own: they must never write to a database that somebody works with.
    ...{ DEMO_MARKET: url, DEMO_POSTGRES: postgres, DEMO_TELEGRAM: telegram },
    ...given,
  };
  return {
    url,
    options: { logLevel, port, token, seed: SEED, folder: messagesFolder(home) },
    secrets: { ...secrets, environment: { ...secrets.environment, connections } },
  };
}

async function inDatabase(databaseUrl: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const db = await connectClient(databaseUrl, { name: "supervisor" });
  try {
    const found = await db.query<{ id: string }>("select id from connection where id = any($1)", [ids]);
    return new Set(found.rows.map(({ id }) => id));
  } finally {
    await db.end();
  }
}
