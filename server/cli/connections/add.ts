import { Option, type Command } from "commander";
import { setConnection } from "../../commands/set-connection";
import { CONNECTION_KINDS, type ConnectionKind } from "../../domain/connection";
import { VaneError } from "../../platform/errors";
import { environmentName, SecretId } from "../../secrets/options";
import { parseConnection, parseConnectionJson, type ParsedConnection } from "../../secrets/parse-connection";
import { as } from "../arguments";
import type { Cli, Running } from "../cli";
import { Port } from "../processes/port";
import type { Terminal } from "../terminal";
import { connectionJson } from "./json";
import { secretDoor } from "./keys";

interface Options {
  readonly url?: string;
  readonly json?: string;
  readonly kind?: ConnectionKind;
  readonly host?: string;
  readonly port?: number;
  readonly login?: string;
  readonly schema?: string;
  readonly extra?: string;
  readonly secretStdin?: true;
}

const HELP = `
Without --url, --json and --kind a URL or JSON is read from stdin, or asked for without showing it, so that no secret
stands in a list of processes or a shell's history:

  echo "$DATABASE_URL" | vane connections add postgres_default
  vane connections add market --kind http --host market.example --login reader
  vane connections add telegram_default --json - < telegram.json`;

export function addConnectionsAdd(connections: Command, cli: Cli): void {
  connections
    .command("add")
    .description("Add a connection, or replace it")
    .argument("<conn_id>", "letters, digits, _, - and .", as(SecretId))
    .option("--url <url>", "postgres://, https://, telegram:// or any other; - reads it from stdin")
    .option("--json <json>", "an object with Airflow's keys (conn_type, host, ...); - reads it from stdin")
    .addOption(new Option("--kind <kind>", "give its parts one by one").choices(CONNECTION_KINDS))
    .option("--host <host>", "with --kind; of telegram: the chat")
    .option("--port <port>", "with --kind", as(Port))
    .option("--login <name>", "with --kind")
    .option("--schema <name>", "with --kind: the database; of http: http or https")
    .option("--extra <json>", "with --kind: an object; entries with a secret's name are kept as secrets")
    .option("--secret-stdin", "with --kind: read the password or token from stdin")
    .addHelpText("after", HELP)
    .action((id: string, options: Options) => cli.withSystem((running) => add(running, id, options)));
}

async function add(running: Running, id: string, options: Options): Promise<undefined> {
  const { terminal, print, system } = running;
  const parsed = await given(terminal, id, options);
  if (parsed.kind === "wrong") {
    throw new VaneError("input.invalid", `Connection ${id} was not added: ${parsed.why}`);
  }
  const { parts } = parsed;
  const outcome = await setConnection(secretDoor(running), id, parts);
  print.either(
    () => connectionJson(id, parts, "database"),
    () => `${id} is ${outcome.kind}. \`vane connections test ${id}\` tries it.\n`,
  );
  const inArgv = [options.url, options.json].some((text) => text !== undefined && text !== "-");
  if (inArgv && Object.keys(parts.secrets).length > 0) {
    print.note("Its secret may now stand in your shell's history. Next time, give it through stdin: --url -");
  }
  const name = environmentName(id);
  if (system.environment.connections.includes(name)) {
    print.note(`It is hidden by VANE_CONN_${name} in the environment of the running Vane.`);
  }
  return undefined;
}

async function given(terminal: Terminal, id: string, options: Options): Promise<ParsedConnection> {
  const { url, json, kind } = options;
  if ([url, json, kind].filter((one) => one !== undefined).length > 1) {
    throw new VaneError("input.invalid", "Give one of --url, --json and --kind, not several.");
  }
  if (kind !== undefined) return ofParts(terminal, kind, options);
  const text = url ?? json;
  if (text !== undefined) return parseConnection(text === "-" ? await terminal.input() : text);
  return parseConnection(
    terminal.interactive
      ? await terminal.askSecret(`URL or JSON of ${id} (not shown): `)
      : await terminal.input(),
  );
}

async function ofParts(
  terminal: Terminal,
  kind: ConnectionKind,
  { secretStdin, extra, host, port, login, schema }: Options,
) {
  const secret = secretStdin
    ? (await terminal.input()).replace(/\r?\n$/, "")
    : terminal.interactive
      ? await terminal.askSecret(
          `${kind === "telegram" ? "Token" : "Password"} (not shown, empty for none): `,
        )
      : "";
  return parseConnectionJson({ conn_type: kind, host, port, login, schema, extra, password: secret });
}
