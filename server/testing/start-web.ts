import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { inject } from "vitest";
import type { z } from "zod";
import { withDatabase } from "../supervisor/embedded-postgres";
import type { WebOptions } from "../supervisor/child-options";
import { ask } from "../supervisor/ask";
import { freePort } from "../supervisor/free-port";
import { sayStop } from "../supervisor/stop-word";

const INSTANCE = "under-test";
/** Opens the door once. */
export const SET_UP_TOKEN = "s".repeat(43);

export interface StartedWeb {
  readonly port: number;
  readonly url: string;
  /** What it has said so far. */
  readonly said: () => string;
  /** Resolves to its exit code. */
  stop(): Promise<number | null>;
  kill(): void;
}

/** The web process as a supervisor starts it, with nothing around it but this database. */
export async function startWeb(database: string): Promise<StartedWeb> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dist = resolve("dist");
  const options: z.input<typeof WebOptions> = {
    ...{ logLevel: "info", databaseUrl: withDatabase(inject("adminUrl"), database) },
    ...{ host: "127.0.0.1", port, publicUrl: url, dist, instance: INSTANCE, expects: [] },
    environmentName: basename(dist),
    auth: { secret: "5".repeat(64), cookieName: "vane_test", setUpToken: SET_UP_TOKEN },
    // A clone of the template has the tables, but not the list of what has made them.
    migrations: mkdtempSync(join(tmpdir(), "vane-no-migrations-")),
  };
  const child = spawn(process.execPath, [`${dist}/web.cjs`], {
    env: { PATH: "/usr/bin:/bin", NODE_ENV: "production" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.write(`${JSON.stringify(options)}\n`);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  const ended = once(child, "exit");
  void ended.then(() => {
    rmSync(options.migrations, { recursive: true, force: true });
  });
  const said = () => lines.join("\n");
  while ((await ask(`${url}/readyz`)).status !== 200) {
    if (child.exitCode !== null) throw new Error(`The web process ended:\n${said()}`);
  }
  return {
    ...{ port, url, said },
    async stop() {
      sayStop(child.stdin);
      await ended;
      return child.exitCode;
    },
    kill() {
      child.kill("SIGKILL");
    },
  };
}

export interface RawAnswer {
  readonly status: number;
  /** The last one of a name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** These very bytes on a socket of their own, which the server must close. */
export async function sendRaw(port: number, request: string): Promise<RawAnswer> {
  const socket = createConnection(port, "127.0.0.1");
  socket.on("error", () => undefined); // it may be closed while we still send
  socket.write(request);
  const answer = await text(socket);
  const [head = "", ...body] = answer.split("\r\n\r\n");
  const [first = "", ...fields] = head.split("\r\n");
  const headers = fields.map((field): [string, string] => {
    const [name = "", ...value] = field.split(": ");
    return [name.toLowerCase(), value.join(": ")];
  });
  const all = Object.fromEntries(headers);
  const sent = body.join("\r\n\r\n");
  const isChunked = all["transfer-encoding"] === "chunked";
  return { status: Number(first.split(" ")[1]), headers: all, body: isChunked ? unchunk(sent) : sent };
}

function unchunk(text: string): string {
  const [, size = "0"] = /^([0-9a-f]+)\r\n/i.exec(text) ?? [];
  const start = size.length + 2;
  const end = start + Number.parseInt(size, 16);
  return end === start ? "" : text.slice(start, end) + unchunk(text.slice(end + 2));
}
