import { createConnection } from "node:net";
import { once } from "node:events";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { sendRaw, SET_UP_TOKEN, startWeb, type RawAnswer } from "../testing/start-web";
import { createTestDb } from "../testing/test-db";

/* The built web server as a browser, and as whoever means harm, sees it. */
const connect = await createTestDb();
const db = await connect();
const web = await startWeb(db.database ?? "");
afterAll(() => {
  web.kill();
});
const { port, url } = web;
const host = `127.0.0.1:${port}`;
const own = { host, origin: `http://${host}` };

type Fields = Readonly<Record<string, string>>;
/** Each on a connection that ends with it. */
const ask = (line: string, fields: Fields = { host }, body = "") => {
  const all = { ...fields, connection: "close" };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return sendRaw(port, `${[`${line} HTTP/1.1`, ...head].join("\r\n")}\r\n\r\n${body}`);
};
const post = (path: string, fields: Fields, body: string) =>
  ask(`POST ${path}`, { ...fields, "content-length": String(Buffer.byteLength(body)) }, body);

const Refusal = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });
/** The sentence of a refusal, which says nothing else. */
function sentenceOf({ body, headers }: RawAnswer): string {
  expect(headers["cache-control"]).toContain("no-store");
  expect(headers["content-type"]).toContain("application/json");
  expect(body).not.toMatch(/\bat .*\.(js|cjs|ts):\d+/);
  const { error } = Refusal.parse(JSON.parse(body));
  return typeof error === "string" ? error : error.message;
}

async function signedIn(): Promise<string> {
  const input = {
    token: SET_UP_TOKEN,
    name: "Mira",
    email: "mira@example.com",
    password: "weather-cock-ledger",
  };
  const answer = await post(
    "/api/trpc/door.setUp",
    { ...own, "content-type": "application/json" },
    JSON.stringify(input),
  );
  expect(answer.status).toBe(200);
  return /^vane_test=[^;]+/.exec(answer.headers["set-cookie"] ?? "")?.[0] ?? "";
}
const cookie = await signedIn();

it("serves a page whose scripts all carry the nonce of its policy, another one each time", async () => {
  const nonces = new Set<string>();
  for (let time = 0; time < 2; time++) {
    const { status, headers, body } = await ask("GET /nothing-here");
    expect(status).toBe(404);
    const policy = headers["content-security-policy"] ?? "";
    const [, nonce = ""] = /script-src 'self' 'nonce-([\w+/=]{20,})';/.exec(policy) ?? [];
    nonces.add(nonce);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe-eval");
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
    const tags = body.match(/<(script|style)\b[^>]*>/g) ?? [];
    expect(tags.length).toBeGreaterThan(3);
    for (const tag of tags) expect(tag).toContain(`nonce="${nonce}"`);
  }
  expect(nonces.size).toBe(2);
});

it("says of each answer what a browser may do with it, and which build made it", async () => {
  const pages = ["/nothing-here", "/healthz", "/readyz", "/api/trpc/me.get", "/api/v2/dags", "/%00"];
  const answers = await Promise.all(pages.map((path) => ask(`GET ${path}`)));
  expect(answers.map(({ status }) => status)).toEqual([404, 200, 200, 401, 404, 400]);
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(headers["x-vane-build"]).toMatch(/^[0-9a-f]{16}$/);
    expect(headers["cache-control"]).toContain("no-store");
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(headers["server"]).toBeUndefined();
  }
});

it("tells a stranger of a page that is not there what it tells everybody", async () => {
  const shown = ({ body }: RawAnswer) => /<main[^]*<\/main>/.exec(body)?.[0];
  const [stranger, admin] = await Promise.all([
    ask("GET /nothing-here"),
    ask("GET /nothing-here", { host, cookie }),
  ]);
  expect(stranger.status).toBe(404);
  expect(shown(stranger)).toContain("There is nothing here");
  expect(admin.status).toBe(404);
  expect(shown(admin)).toBe(shown(stranger));
});

it("keeps files of the build for long, since their names change with them", async () => {
  const { body } = await ask("GET /nothing-here");
  const [file = ""] = /\/_next\/static\/[^"]+\.css/.exec(body) ?? [];
  const { status, headers } = await ask(`GET ${file}`);
  expect([status, headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"]);
  const fonts = body.match(/\/_next\/static\/media\/[^"]+\.woff2/g) ?? [];
  expect((await ask(`GET ${fonts[0] ?? file}`)).status).toBe(200);
  for (const path of ["/_next/static/nothing.js", "/_next/image?url=/x&w=1&q=1"]) {
    const refused = await ask(`GET ${path}`);
    expect([400, 404]).toContain(refused.status);
    expect(refused.body).not.toMatch(/\bat .*\.js:\d+/);
  }
});

it.each([
  ["another host", { host: "evil.example" }],
  ["another port", { host: "127.0.0.1:1" }],
  ["no host", {}],
])("does not serve a request for %s", async (_what, fields) => {
  const answer = await ask("GET /", fields);
  expect(answer.status).toBe(421);
  expect(sentenceOf(answer)).toBe(`Ask for this server by its own address, 127.0.0.1:${port}.`);
});

it("does not choose between two hosts", async () => {
  const answer = await sendRaw(
    port,
    `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
  );
  expect(answer.status).toBe(421);
});

it.each([
  "//evil.example/a",
  "/\\evil.example",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/_next/static/..%2f..%2f..%2fpackage.json",
  "/_next/static/../../package.json",
  "/a%00b",
  "/%",
  "http://evil.example/",
])("reads %s as no address of its own", async (target) => {
  const answer = await ask(`GET ${target}`);
  expect(answer.status).toBe(400);
  expect(sentenceOf(answer)).toBe("This is no address of Vane's. Start from its first page.");
  expect(answer.headers["location"]).toBeUndefined();
});

it("lets nobody else set what only it may set, and believes no proxy", async () => {
  const answer = await ask("GET /sign-in", {
    ...{ host, "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
    ...{ "content-security-policy": "script-src 'nonce-chosen'", "x-vane-nonce": "chosen" },
    ...{ "x-vane-path": "/evil", "x-middleware-subrequest": "middleware", "x-matched-path": "/dags" },
  });
  expect(answer.body).not.toContain("chosen");
  expect(`${JSON.stringify(answer.headers)}${answer.body}`).not.toContain("evil");
});

it.each([
  ["a foreign origin", { ...own, origin: "http://evil.example" }],
  ["no origin", { host }],
  ["the origin null", { ...own, origin: "null" }],
  ["its other name", { ...own, origin: `http://localhost:${port}` }],
])("takes no change from %s", async (_what, fields) => {
  const answer = await post(
    "/api/trpc/door.signOut",
    { ...fields, cookie, "content-type": "application/json" },
    "{}",
  );
  expect(answer.status).toBe(403);
  expect(sentenceOf(answer)).toBe("This came from a page that is not Vane's. Do it on Vane's own page.");
  expect((await ask("GET /api/trpc/me.get", { host, cookie })).status).toBe(200);
});

it("takes no change that a form could send, none that is too big, and none by reading", async () => {
  const form = await post("/api/trpc/door.signOut", { ...own, cookie, "content-type": "text/plain" }, "{}");
  expect([form.status, sentenceOf(form)]).toEqual([415, "Send JSON, with content-type: application/json."]);

  const json = { ...own, "content-type": "application/json" };
  const huge = await post("/api/trpc/door.signIn", json, JSON.stringify("x".repeat(2_000_000)));
  expect([huge.status, sentenceOf(huge)]).toEqual([413, "A request may have 1000 kB at most."]);
  const chunk = `${(2_000_000).toString(16)}\r\n${"x".repeat(2_000_000)}\r\n0\r\n\r\n`;
  const chunked = await ask("POST /api/trpc/door.signIn", { ...json, "transfer-encoding": "chunked" }, chunk);
  expect(chunked.status).toBe(413);

  const read = await ask("GET /api/trpc/door.signOut", { host, cookie });
  expect(read.status).toBe(405);
  expect((await ask("GET /api/trpc/me.get", { host, cookie })).status).toBe(200);
});

it("answers only what it can read", async () => {
  const long = await ask("GET /", { host, "x-long": "x".repeat(20_000) });
  expect([long.status, sentenceOf(long)]).toEqual([431, "The address or the headers are too long."]);
  const odd = await sendRaw(port, "what is this\r\n\r\n");
  expect([odd.status, sentenceOf(odd)]).toEqual([400, "Vane cannot read this request."]);
  const smuggled = await sendRaw(
    port,
    `POST /api/trpc/door.signIn HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  );
  expect(smuggled.status).toBe(400);
  const page = await ask("POST /", own);
  expect([page.status, sentenceOf(page), page.headers["allow"]]).toEqual([
    ...[405, "This can only be read, by GET or HEAD.", "GET, HEAD"],
  ]);
  const body = await ask("GET /healthz", { host, "content-length": "2" }, "{}");
  expect(body.status).toBe(400);
});

it("answers HEAD as GET, without a body, and takes an upgrade for what it asks for besides", async () => {
  for (const path of ["/healthz", "/nothing-here"]) {
    const [head, get] = await Promise.all([ask(`HEAD ${path}`), ask(`GET ${path}`)]);
    expect([head.status, head.body, head.headers["content-type"]]).toEqual([
      ...[get.status, "", get.headers["content-type"]],
    ]);
  }
  const upgrade = await ask("GET /healthz", { host, upgrade: "websocket", "sec-websocket-key": "a" });
  expect(upgrade.status).toBe(200);
});

it("ends at once, whoever is still listening", async () => {
  const open = createConnection(port, "127.0.0.1");
  const closed = once(open, "close");
  open.on("error", () => undefined);
  // Half a request: the server waits for the rest.
  open.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n`);
  const idle = await fetch(`${url}/healthz`, { keepalive: true });
  expect(idle.status).toBe(200);
  const startedMs = performance.now();
  expect(await web.stop()).toBe(0);
  await closed;
  // It would be 10 s by the request's own limit, 14 s by the process's.
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  expect(web.said()).not.toMatch(/"level":(40|50)/);
});
