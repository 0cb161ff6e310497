import { availableParallelism, tmpdir } from "node:os";
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { z } from "zod";
import { DEFAULT_RETENTION, GB, type Retention } from "../domain/retention";
import { VaneError } from "../platform/errors";
import type { SecretEnvironment } from "../secrets/options";

/** `forever` is null, so that it survives JSON. */
const kept = (amount: z.ZodNumber) =>
  z
    .string()
    .transform((text) => (text === "forever" ? null : Number(text)))
    .pipe(amount.nullable())
    .optional();

/** As it stands in the environment: every VANE_ variable that Vane itself reads. Empty means not set. */
const text = z.string().min(1).optional().catch(undefined);
const Environment = z.object({
  VANE_HOME: text,
  VANE_DAGS: text,
  VANE_HOST: text,
  VANE_PORT: z.coerce.number<string>().int().min(1).max(65_535).optional(),
  VANE_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  VANE_SLOTS: z.coerce.number<string>().int().min(1).max(1_000).optional(),
  VANE_LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  VANE_LIMITS_DIVISOR: z.coerce.number<string>().int().min(1).max(20).default(1),
  VANE_LOG_RETENTION_DAYS: kept(z.number().min(1).max(36_500)),
  VANE_LOG_RETENTION_GB: kept(z.number().min(0.01).max(1_000_000)),
  VANE_RUN_RETENTION_DAYS: kept(z.number().min(1).max(36_500)),
  VANE_RUN_RETENTION_COUNT: z.coerce.number<string>().int().min(1).max(1_000_000).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  XDG_RUNTIME_DIR: text,
});

/** What each variable wants to be, for the sentence that says what is wrong with it. */
const WANTED: Readonly<Record<string, string>> = {
  VANE_PORT: "a port from 1 to 65535",
  VANE_PUBLIC_URL: "an address like https://vane.example.com",
  VANE_SLOTS: "a number from 1 to 1000",
  VANE_LOG_LEVEL: "one of debug, info, warn, error",
  VANE_LIMITS_DIVISOR: "a number from 1 to 20",
  VANE_LOG_RETENTION_DAYS: "a number of days from 1 to 36500, or forever",
  VANE_LOG_RETENTION_GB: "a number of gigabytes from 0.01, or forever",
  VANE_RUN_RETENTION_DAYS: "a number of days from 1 to 36500, or forever",
  VANE_RUN_RETENTION_COUNT: "a whole number from 1 to 1000000",
  DATABASE_URL: "an address like postgres://user:password@host:5432/database",
};

/** What a command line may say; it goes before the environment. */
export interface Flags {
  /** Where `dags/` and `.vane/` stand. */
  readonly project?: string | undefined;
  readonly port?: number | undefined;
}

export interface Config {
  readonly projectFolder: string;
  readonly home: string;
  readonly dagsFolder: string;
  readonly host: string;
  /** `asked`: by name, so that another one will not do. */
  readonly port: { readonly number: number; readonly asked: boolean };
  readonly publicUrl: string | undefined;
  readonly slots: number;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  /** For tests: the time after which one process gives up on another is divided by this. */
  readonly limitsDivisor: number;
  readonly retention: Retention;
  /** Undefined: Vane brings its own Postgres. */
  readonly databaseUrl: string | undefined;
  /** Where workers listen. Short, since a socket's path has little more than 100 bytes. */
  readonly runFolder: string;
  /** All that processes of Vane inherit of the environment, and all that user code sees of it. */
  readonly childEnvironment: Readonly<Record<string, string>>;
  /** Connections and variables; for those only who may read secrets. */
  readonly secretEnvironment: SecretEnvironment;
}

const DEFAULT_PORT = 8080;

export function readConfig(
  flags: Flags = {},
  environment: NodeJS.ProcessEnv = process.env,
  workingFolder = process.cwd(),
): Config {
  const parsed = Environment.safeParse(withoutEmpty(environment));
  if (!parsed.success) throw wrongVariable(String(parsed.error.issues[0]?.path[0]));
  const raw = parsed.data;

  const projectFolder = resolve(workingFolder, flags.project ?? ".");
  const home = resolve(projectFolder, raw.VANE_HOME ?? ".vane");
  const project = createHash("sha256").update(home).digest("hex").slice(0, 12);
  const asked = flags.port ?? raw.VANE_PORT;
  return {
    projectFolder,
    home,
    dagsFolder: resolve(projectFolder, raw.VANE_DAGS ?? "dags"),
    host: raw.VANE_HOST ?? "127.0.0.1",
    port: { number: asked ?? DEFAULT_PORT, asked: asked !== undefined },
    publicUrl: raw.VANE_PUBLIC_URL?.replace(/\/+$/, ""),
    slots: raw.VANE_SLOTS ?? Math.max(4, 2 * availableParallelism()),
    logLevel: raw.VANE_LOG_LEVEL,
    limitsDivisor: raw.VANE_LIMITS_DIVISOR,
    retention: retentionOf(raw),
    databaseUrl: raw.DATABASE_URL,
    runFolder: join(raw.XDG_RUNTIME_DIR ?? tmpdir(), `vane-${project}`),
    childEnvironment: passedOn(environment),
    secretEnvironment: {
      connections: namedBy(environment, "CONN"),
      variables: namedBy(environment, "VAR"),
    },
  };
}

function retentionOf(raw: z.infer<typeof Environment>): Retention {
  const { logDays, logBytes, runDays, runsPerDag } = DEFAULT_RETENTION;
  const gigabytes = raw.VANE_LOG_RETENTION_GB;
  return {
    logDays: raw.VANE_LOG_RETENTION_DAYS === undefined ? logDays : raw.VANE_LOG_RETENTION_DAYS,
    logBytes: gigabytes === undefined ? logBytes : gigabytes && gigabytes * GB,
    runDays: raw.VANE_RUN_RETENTION_DAYS === undefined ? runDays : raw.VANE_RUN_RETENTION_DAYS,
    runsPerDag: raw.VANE_RUN_RETENTION_COUNT ?? runsPerDag,
  };
}

/** `VANE_PORT=` in a file of variables means nobody has chosen one. */
function withoutEmpty(environment: NodeJS.ProcessEnv) {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
}

function wrongVariable(name: string) {
  return new VaneError(
    "input.invalid",
    `${name} is not ${WANTED[name] ?? "valid"}. Set it right, or leave it out.`,
  );
}

/**
 * An allow-list: neither the database's address nor keys of whatever else runs here reach a task by accident. The only
 * one, so that a DAG file finds in a runtime what it found in its loader.
 */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TERM|NODE_ENV|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|https?_proxy|no_proxy|all_proxy)$/i;

function passedOn(environment: NodeJS.ProcessEnv) {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && PASSED_ON.test(name) ? [[name, value] as const] : [],
    ),
  );
}

/** By the name behind the prefix. Airflow's own prefix is read, too; ours goes before it. */
function namedBy(environment: NodeJS.ProcessEnv, what: "CONN" | "VAR"): Record<string, string> {
  const found = [`AIRFLOW_${what}_`, `VANE_${what}_`].flatMap((prefix) =>
    Object.entries(environment).flatMap(([name, value]) =>
      value && name.startsWith(prefix) && name !== prefix
        ? [[name.slice(prefix.length).toUpperCase(), value] as const]
        : [],
    ),
  );
  return Object.fromEntries(found);
}
