import { request } from "node:http";
import { afterAll, expect, it, vi } from "vitest";
import { silentLog } from "../platform/log";
import { startApi } from "../testing/api-server";
import { fakeAuth } from "../testing/fake-auth";
import { seedDag } from "../testing/seed";
import { createTestDb } from "../testing/test-db";

const connect = await createTestDb();
const db = await connect();
await seedDag(db);

const error = vi.fn();
const sessionOf = vi.fn((headers: Headers) => fakeAuth().sessionOf(headers));
const auth = fakeAuth({
  sessionOf,
  signIn: () => Promise.resolve({ outcome: { kind: "signed_in" }, cookies: ["a=1; HttpOnly", "b=2"] }),
  checkSetUp: () => Promise.reject(new TypeError("secret detail")),
});
const api = await startApi({ db, auth, log: { ...silentLog, error } });
afterAll(() => api.stop());

const admin = { "x-role": "admin" };
const json = { "content-type": "application/json" };
const refusal = (code: string, sentence: unknown = expect.any(String)) => ({
  error: { code: expect.any(Number), message: sentence, data: { code, errorId: expect.any(String) } },
});

it("answers a query, is not kept by any cache, and speaks JSON", async () => {
  const { status, headers, body } = await api.query("me.get", undefined, { "x-role": "viewer" });
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(body).toEqual({
    result: {
      data: {
        ...{ name: "Some viewer", email: "viewer@vane.test", role: "viewer" },
        permissions: ["self", "dag.read", "log.read"],
      },
    },
  });
});

it("says who is not signed in, and who may not, and what to do", async () => {
  expect(await api.query("dags.list")).toMatchObject({
    status: 401,
    body: refusal("auth.signed_out", "You are not signed in, or not any more. Sign in and try again."),
  });
  const input = { dagId: "hello", paused: true, idempotencyKey: "key-number-1" };
  expect(await api.mutate("dags.setPaused", input, { "x-role": "viewer" })).toMatchObject({
    status: 403,
    body: refusal(
      "auth.forbidden",
      "You may not do this: it takes the role user, and yours is viewer. Ask an admin.",
    ),
  });
});

it("shows nothing of a bug but an id, under which the log has the rest", async () => {
  const { status, body } = await api.mutate("door.checkSetUp", { token: "t" });
  expect(status).toBe(500);
  expect(body).toEqual(refusal("internal"));
  expect(JSON.stringify(body)).not.toContain("secret detail");
  const { errorId } = (body as { error: { data: { errorId: string } } }).error.data;
  const logged = { code: "internal", errorId, path: "door.checkSetUp" };
  expect(error).toHaveBeenLastCalledWith(
    { ...logged, stack: expect.stringContaining("secret detail") },
    expect.any(String),
  );
});

it("sends each cookie as a header of its own", async () => {
  const input = { email: "olga@vane.test", password: "x" };
  const { headers, body } = await api.mutate("door.signIn", input);
  expect(headers.getSetCookie()).toEqual(["a=1; HttpOnly", "b=2"]);
  expect(body).toEqual({ result: { data: { kind: "signed_in" } } });
  // A client that asks to be answered piece by piece would get its cookies too late.
  const streamed = await api.send("door.signIn?batch=1", {
    ...{ method: "POST", headers: { ...json, "trpc-accept": "application/jsonl" } },
    body: JSON.stringify({ 0: input }),
  });
  expect(streamed.headers.getSetCookie()).toEqual(["a=1; HttpOnly", "b=2"]);
  expect(streamed.body).toEqual([{ result: { data: { kind: "signed_in" } } }]);
});

it("looks a session up once a request, and answers each part of a batch for itself", async () => {
  sessionOf.mockClear();
  const { status, body } = await api.query("me.get,dags.list,nothing.here?batch=1", undefined, admin);
  expect(status).toBe(207);
  expect(body).toMatchObject([
    { result: { data: { role: "admin" } } },
    { result: { data: { dags: [{ dagId: "hello" }] } } },
    refusal("request.unknown"),
  ]);
  expect(sessionOf).toHaveBeenCalledTimes(1);
});

it("refuses a batch that is too long, and one that reads and changes", async () => {
  const many = Array.from({ length: 21 }, () => "me.get").join(",");
  expect(await api.query(`${many}?batch=1`, undefined, admin)).toMatchObject({
    status: 400,
    body: refusal("request.malformed"),
  });
  expect(await api.mutate("me.get,door.signOut?batch=1", {}, admin)).toMatchObject({ status: 400 });
});

const post = (body: string, headers: Readonly<Record<string, string>> = json) =>
  api.send("dags.setPaused", { method: "POST", headers: { ...admin, ...headers }, body });
const input = { dagId: "hello", paused: true, idempotencyKey: "key-number-1" };
const good = JSON.stringify(input);

it.each([
  ["plain text", 415, "request.not_json", good, { "content-type": "text/plain" }],
  ["a form", 415, "request.not_json", good, { "content-type": "application/x-www-form-urlencoded" }],
  ["a form with files", 415, "request.not_json", good, { "content-type": "multipart/form-data; boundary=x" }],
  ["bytes", 415, "request.not_json", good, { "content-type": "application/octet-stream" }],
  ["another charset", 415, "request.not_json", good, { "content-type": "application/json; charset=utf-16" }],
  ["nothing", 400, "request.malformed", "", json],
  ["half of it", 400, "request.malformed", "{", json],
  ["a prototype", 400, "request.malformed", `{"__proto__": {"paused": true}, ${good.slice(1)}`, json],
  ["NUL in a text", 400, "request.malformed", good.replace("hello", "he\\u0000llo"), json],
  ["NUL in a key", 400, "request.malformed", good.replace("dagId", "dagId\\u0000"), json],
  ["nested too deep", 400, "request.malformed", `${"[".repeat(65)}${"]".repeat(65)}`, json],
  ["a bomb of brackets", 400, "request.malformed", `${"[".repeat(400_000)}${"]".repeat(400_000)}`, json],
  ["too much of it", 413, "request.too_big", JSON.stringify({ ...input, more: "x".repeat(1_000_000) }), json],
  ["a list around it", 422, "input.invalid", `[${good}]`, json],
  ["an unknown key", 422, "input.invalid", JSON.stringify({ ...input, force: true }), json],
  [
    "an operator object for a text",
    422,
    "input.invalid",
    JSON.stringify({ ...input, dagId: { contains: "" } }),
    json,
  ],
  ["null", 422, "input.invalid", "null", json],
])("refuses a body: %s", async (_what, status, code, body, headers) => {
  expect(await post(body, headers)).toMatchObject({ status, body: refusal(code) });
  expect((await db.query("select from dag where paused")).rowCount).toBe(0);
});

it("takes brackets in a text for what they are", async () => {
  const dagId = JSON.stringify(`\\"${"[".repeat(100)}`);
  expect(await post(`{"dagId": ${dagId}}`)).toMatchObject({ status: 422 });
  expect(await post(`${"[".repeat(64)}${"]".repeat(64)}`)).toMatchObject({ status: 422 });
});

it("answers a body that is too big before it has all of it", async () => {
  const status = await new Promise((resolve, reject) => {
    const sent = request(
      `${api.origin}/api/trpc/dags.setPaused`,
      { method: "POST", headers: json },
      (answer) => {
        answer.resume();
        expect(answer.headers.connection).toBe("close");
        resolve(answer.statusCode);
      },
    );
    sent.on("error", reject);
    // Never ended.
    sent.write(`"${"x".repeat(1_100_000)}`);
  });
  expect(status).toBe(413);
});

it("checks what stands in an address as it does a body", async () => {
  expect(await api.query("me.get", "\0", admin)).toMatchObject({ status: 400 });
  expect(await api.query("me.get", { a: 1 }, admin)).toMatchObject({ status: 422 });
  expect(await api.send("me.get?input={", { headers: admin })).toMatchObject({ status: 400 });
  expect(await api.send("%FF", { headers: admin })).toMatchObject({ status: 400 });
});

it.each(["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])("knows no %s", async (method) => {
  const { status, headers } = await api.send("me.get", { method, headers: admin });
  expect(status).toBe(405);
  expect(headers.get("allow")).toBe("GET, POST");
});

it("changes nothing by GET, and reads nothing by POST", async () => {
  expect(await api.query("dags.setPaused", input, admin)).toMatchObject({
    status: 405,
    body: refusal("request.wrong_method", "Reading is done by GET, changing by POST."),
  });
  expect(await api.mutate("me.get", undefined, admin)).toMatchObject({ status: 405 });
});
