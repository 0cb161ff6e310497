import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { expect, inject, it, onTestFinished } from "vitest";
import { withDatabase } from "../supervisor/embedded-postgres";
import { RunFile } from "../supervisor/run-file";
import { newProject, startVane, type Project } from "../testing/start-vane";
import { vaneProcess } from "../testing/vane-process";

/** One each for what is told by the environment, and for what is kept in the database. */
const CANARIES = { environment: "canary/7f3a+w0rd", database: "c4n4ry & its end", variable: "kanary_91bd77" };

const SOURCE = `
import { context, dag, runDomain, task } from "vane";

const whoami = runDomain.task("whoami", async () => ({
  currentUser: async (db: { query(sql: string): Promise<{ rows: { name: string }[] }> }) =>
    (await db.query("select current_user as name")).rows[0]?.name ?? "",
}), "currentUser");

const tell = task("tell", async (name: string) => {
  const main = await context().connection("main", "generic");
  const word = main.secret();
  const token = await context().variable("api-token");
  console.log("As", name, "with", word, "at", main.url, { word, token });
  process.stdout.write(word.slice(0, 5));
  process.stdout.write(word.slice(5) + "\\n");
  process.stderr.write(Buffer.from("user:" + word).toString("base64") + "\\n");
  context().log.info("in fields", { word, deep: [{ [token]: encodeURIComponent(word) }] });
  context().log.info("x".repeat(65_530) + word);
  throw new Error("Cannot reach " + main.url + " with " + token, { cause: new Error(word) });
});

const unknown = task("unknown", async () => (await context().connection("nowhere")).url);

export default dag({ id: "secrets" }, () => { tell(whoami()); unknown(); });
`;

/** A role that has the environment's canary for its password. */
async function targetUrl(): Promise<string> {
  const admin = new Client({ connectionString: inject("adminUrl") });
  await admin.connect();
  const role = `secrets_${crypto.randomUUID().slice(0, 8)}`;
  await admin.query(`create role ${role} login password '${CANARIES.environment}'`);
  onTestFinished(async () => {
    await admin.query(`drop role ${role}`);
    await admin.end();
  });
  const url = new URL(withDatabase(inject("adminUrl"), "postgres"));
  url.username = role;
  url.password = encodeURIComponent(CANARIES.environment);
  return url.href;
}

async function dump({ home }: Project): Promise<string> {
  const { databaseUrl } = RunFile.parse(JSON.parse(readFileSync(join(home, "run.json"), "utf8")));
  const db = new Client({ connectionString: databaseUrl });
  await db.connect();
  const { rows } = await db.query<{ name: string }>(
    "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'",
  );
  const lines: string[] = [];
  for (const { name } of rows) {
    const found = await db.query<{ line: string }>(`select t::text as line from ${name} t`);
    lines.push(...found.rows.map(({ line }) => line));
  }
  await db.end();
  return lines.join("\n");
}

function filesUnder(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1")).join("\n");
}

const leaks = (seen: string) =>
  Object.values(CANARIES).flatMap((canary) => {
    const base64 = Buffer.from(canary).toString("base64").slice(0, -4);
    const behind = Buffer.from(`user:${canary}`).toString("base64").slice(8, -4);
    const forms = [canary, encodeURIComponent(canary), base64, behind, canary.slice(0, 5), canary.slice(-5)];
    return forms.filter((form) => seen.includes(form));
  });

it("hands secrets to the attempt that asks, and shows them nowhere", { timeout: 120_000 }, async () => {
  const project = newProject();
  writeFileSync(join(project.folder, "dags", "secrets.ts"), SOURCE);
  const system = startVane({
    project,
    env: { VANE_CONN_POSTGRES_DEFAULT: await targetUrl(), VANE_VAR_API_TOKEN: CANARIES.variable },
  });
  await system.ready;
  const vane = vaneProcess(project);
  const said: string[] = [];
  const run = async (words: readonly string[], input?: string) => {
    const { exit, out, err } = await vane(words, input);
    said.push(out, err);
    return { exit, out, err };
  };

  const url = `redis://app:${encodeURIComponent(CANARIES.database)}@cache.internal:6379/0`;
  expect(await run(["connections", "add", "main"], url)).toMatchObject({ exit: 0 });
  expect((await run(["connections", "list"])).out).toMatch(
    /postgres_default .*environment .*VANE_CONN_POSTGRES_DEFAULT/,
  );
  expect((await run(["connections", "get", "main"])).out).toContain("***");
  await expect.poll(async () => (await vane(["dags", "list"])).out, { timeout: 20_000 }).toContain("secrets");

  const triggered = await run(["dags", "trigger", "secrets", "--run-id", "manual__1", "--wait"]);
  expect(triggered.exit).toBe(1);
  const logs = await run(["tasks", "logs", "secrets", "manual__1", "tell"]);
  expect(logs.out).toMatch(/As secrets_\w{8} with \*{3} at \*{3} \{ word: '\*{3}', token: '\*{3}' \}/);
  expect(logs.out).toContain("Cannot reach *** with ***");
  const shown = await run(["runs", "show", "secrets", "manual__1", "--output", "json"]);
  expect(shown.out).toContain(
    "There is no connection nowhere. Add it with `npx vane connections add nowhere`",
  );

  const uses = async (id: string) => (await run(["connections", "get", id])).out;
  await expect.poll(() => uses("main"), { timeout: 10_000 }).toMatch(/used by: +secrets tell, last /);
  expect(await uses("postgres_default")).toMatch(/source: +environment: .*\nused by: +secrets whoami, last /);

  expect((await run(["connections", "rotate-key"])).err).toContain("Stop it first");

  const processes = system.processes().flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  const seen = {
    said: said.join("\n"),
    supervisor: system.said(),
    logs: filesUnder(join(project.home, "logs")),
    rows: await dump(project),
    processes: processes.map((file) => readFileSync(file, "latin1")).join("\n"),
  };
  expect(seen.logs).toContain("in fields");
  expect(seen.rows).toContain("cache.internal");
  expect(Object.entries(seen).map(([where, text]) => [where, leaks(text)])).toEqual(
    Object.keys(seen).map((where) => [where, []]),
  );

  system.signal("SIGTERM");
  await system.ended;
  const [, id] = /^(\w+) is the new first key/.exec((await vane(["connections", "rotate-key"])).out) ?? [];
  const again = startVane({ project });
  await again.ready;
  await expect.poll(() => dump(project), { timeout: 20_000 }).toContain(`{""key"":""${id}""`);
  expect((await vane(["connections", "get", "main"])).out).toContain("***");
});

it("tries connections of each kind, within its time, and says nothing secret of what failed", async () => {
  const project = newProject();
  const answers: Record<string, [status: number, body: string]> = {
    "HEAD /v1": [204, ""],
    "HEAD /closed": [401, ""],
    "GET /bot12:good/getMe": [200, '{"ok":true,"result":{"username":"ops_bot"}}'],
  };
  const server = createServer((request, response) => {
    if (request.url === "/hangs") return;
    const [status, body] = answers[`${request.method} ${request.url}`] ?? [
      404,
      '{"description":"Not Found"}',
    ];
    response.writeHead(status).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const root = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target = await targetUrl();
  const system = startVane({ project });
  await system.ready;
  const vane = vaneProcess(project);

  const wrong = target.replace(/:[^:@/]+@/, ":another-canary@");
  const cases: [id: string, url: string, exit: number, sentence: RegExp][] = [
    ["pg", target, 0, /^Postgres \d+.* answers\.\n$/],
    ["pg_wrong", wrong, 1, /It cannot be reached: password authentication failed/],
    ["pg_away", "postgres://app:canary-x@127.0.0.1:1/x", 1, /ECONNREFUSED 127\.0\.0\.1:1/],
    ["web", `http://reader:canary-x@${root}/v1`, 0, /answers with 204\.\n$/],
    ["web_closed", `http://canary-x@${root}/closed`, 1, /answers with 401: it does not accept the login/],
    ["web_hangs", `http://canary-x@${root}/hangs`, 1, /^There was no answer within 5 s\.\n$/],
    ["bot", `telegram://:12:good@-100?apiRoot=http://${root}`, 0, /knows the bot @ops_bot/],
    ["bot_wrong", `telegram://:12:canary-x@-100?apiRoot=http://${root}`, 1, /answers with 404: Not Found/],
    ["cache", "redis://:canary-x@cache:6379", 1, /generic connection cannot be tried/],
  ];
  for (const [id, url, exit, sentence] of cases) {
    await vane(["connections", "add", id], url);
    const tried = await vane(["connections", "test", id]);
    expect(tried).toMatchObject({ exit, out: expect.stringMatching(sentence) });
    expect(tried.out + tried.err).not.toMatch(/canary|12:good/);
  }
});
