import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { VaneError } from "../platform/errors";
import { scramVerifier } from "./scram-verifier";

interface Options {
  /** Of Vane's own database, beside which the demo's is made. */
  readonly databaseUrl: string;
  /** The server is ours alone, so that all its databases may be closed to the demo. */
  readonly embedded: boolean;
  readonly password: string;
}

/** Says whose a role is: one of the same name that somebody else made is left alone. */
const MARK = "Made by Vane for its demo";
/** Of an embedded Postgres's 60. */
const MAX_CONNECTIONS = 20;
const MAX_NAME = 63;

/** A database and a role of the demo's own, made once. Resolves to their address. */
export async function prepareDemoDatabase({ databaseUrl, embedded, password }: Options): Promise<string> {
  const name = `${databaseOf(databaseUrl).slice(0, MAX_NAME - 5)}_demo`;
  const url = demoUrl({ databaseUrl, embedded, password, name });
  if (await canLogIn(url)) return url;
  const admin = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  try {
    await makeRole(admin, name, password);
    await makeDatabase(admin, name);
    if (embedded) await closeOthers(admin);
  } catch (error) {
    throw notAllowed(error) ?? error;
  } finally {
    await admin.end();
  }
  if (await canLogIn(url)) return url;
  throw refused(`The server of DATABASE_URL does not let the demo's role ${name} log in with its password.`);
}

const databaseOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1)) || "vane";

interface DemoUrl extends Options {
  readonly name: string;
}

function demoUrl({ databaseUrl, embedded, password, name }: DemoUrl): string {
  const url = new URL(databaseUrl);
  for (const parameter of ["user", "password", "options"]) url.searchParams.delete(parameter);
  // By TCP: tasks may run as a user who cannot reach our Postgres's socket.
  if (embedded) url.searchParams.delete("host");
  url.username = encodeURIComponent(name);
  url.password = encodeURIComponent(password);
  url.pathname = encodeURIComponent(name);
  return url.href;
}

async function canLogIn(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined); // what matters is whether `connect` resolves
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function makeRole(admin: Client, name: string, password: string): Promise<void> {
  const role = escapeIdentifier(name);
  const secret = `password ${escapeLiteral(scramVerifier(password))}`;
  const found = await admin.query<{ mark: string | null }>(
    "select shobj_description(oid, 'pg_authid') mark from pg_roles where rolname = $1",
    [name],
  );
  const [existing] = found.rows;
  if (existing && existing.mark !== MARK) {
    throw refused(`The role ${name}, which the demo would use, exists and is not Vane's.`);
  }
  if (existing) {
    await admin.query(`alter role ${role} ${secret}`);
    return;
  }
  // Together, since a role without its mark would be taken for somebody else's.
  await admin.query(
    `create role ${role} login connection limit ${MAX_CONNECTIONS} ${secret};
     comment on role ${role} is ${escapeLiteral(MARK)}`,
  );
}

async function makeDatabase(admin: Client, name: string): Promise<void> {
  const database = escapeIdentifier(name);
  const found = await admin.query<{ owner: string }>(
    "select pg_get_userbyid(datdba) owner from pg_database where datname = $1",
    [name],
  );
  const [existing] = found.rows;
  if (existing && existing.owner !== name) {
    throw refused(`The database ${name}, which the demo would use, belongs to ${existing.owner}.`);
  }
  if (existing) return;
  const self = await admin.query<{ superuser: boolean }>(
    "select rolsuper superuser from pg_roles where rolname = current_user",
  );
  // Whoever gives a database away must be a member of the one who gets it.
  if (!self.rows[0]?.superuser) await admin.query(`grant ${database} to current_user`);
  await admin.query(`create database ${database} owner ${database}`);
  await admin.query(`revoke all on database ${database} from public`);
}

/** By default every role may connect to every database. */
async function closeOthers(admin: Client): Promise<void> {
  const own = escapeIdentifier(admin.database ?? "");
  await admin.query(`revoke all on database ${own}, postgres, template1 from public`);
}

const ADVICE =
  "Name a database that the demo may fill with VANE_CONN_DEMO_POSTGRES=postgres://..., or start without --demo.";

const refused = (what: string) => new VaneError("database.unavailable", `${what} ${ADVICE}`);

const INSUFFICIENT_PRIVILEGE = "42501";

function notAllowed(error: unknown): VaneError | undefined {
  if (!(error instanceof Error && "code" in error && error.code === INSUFFICIENT_PRIVILEGE)) return undefined;
  return new VaneError(
    "database.unavailable",
    "The demo wants a database and a role of its own, and the role of DATABASE_URL may not create them. " +
      `Grant it CREATEDB and CREATEROLE. Or: ${ADVICE.charAt(0).toLowerCase()}${ADVICE.slice(1)}`,
    { cause: error },
  );
}
