import { Client } from "pg";
import { z } from "zod";
import type { ConnectionFacts } from "../../domain/connection";
import type { TestOutcome } from "./outcome";

/** Knocks where the connection leads, and changes nothing there. */
export function probe(facts: ConnectionFacts): Promise<TestOutcome> {
  switch (facts.kind) {
    case "postgres":
      return probePostgres(facts);
    case "http":
      return probeHttp(facts);
    case "telegram":
      return probeTelegram(facts);
    default:
      return Promise.resolve({
        ok: false,
        sentence: "A generic connection cannot be tried: only its tasks know what it is for.",
      });
  }
}

async function probePostgres({ url }: ConnectionFacts): Promise<TestOutcome> {
  const client = new Client({ connectionString: url, application_name: "vane connections test" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string }>(
      "select current_setting('server_version') as version",
    );
    return { ok: true, sentence: `Postgres ${rows[0]?.version ?? ""} answers.` };
  } finally {
    await client.end();
  }
}

async function probeHttp(facts: ConnectionFacts): Promise<TestOutcome> {
  const ask = (method: string) =>
    // Not further than it leads: whoever answers must not send us elsewhere.
    fetch(facts.url, { method, redirect: "manual", headers: authorization(facts) });
  const head = await ask("HEAD");
  const { status } = head.status === 405 || head.status === 501 ? await ask("GET") : head;
  const said = `${facts.url} answers with ${status}`;
  if (status === 401 || status === 403)
    return { ok: false, sentence: `${said}: it does not accept the login.` };
  if (status >= 500) return { ok: false, sentence: `${said}: it is there, and broken.` };
  return { ok: true, sentence: `${said}.` };
}

function authorization({ login, secrets }: ConnectionFacts): Record<string, string> {
  const { token, password } = secrets;
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${login ?? ""}:${password}`).toString("base64")}` };
}

const Me = z.object({ ok: z.literal(true), result: z.object({ username: z.string().optional() }) });
const No = z.object({ description: z.string() });

async function probeTelegram({ url, secrets }: ConnectionFacts): Promise<TestOutcome> {
  const { token = "" } = secrets;
  const answer = await fetch(`${url}/bot${token}/getMe`, { redirect: "manual" });
  const body: unknown = await answer.json().catch(() => undefined);
  const me = Me.safeParse(body);
  if (me.success) return { ok: true, sentence: `Telegram knows the bot @${me.data.result.username ?? "?"}.` };
  const why = No.safeParse(body).data?.description ?? "no reason given";
  return { ok: false, sentence: `${url} answers with ${answer.status}: ${why}.` };
}
