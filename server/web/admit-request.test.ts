import { expect, it } from "vitest";
import { admitRequest, type Admitted, type Asked } from "./admit-request";

const OWN = "127.0.0.1:8080";

function admit(asked: Partial<Asked> = {}): Admitted {
  const { headers = {}, ...rest } = asked;
  return admitRequest({ method: "GET", target: "/", hosts: [OWN], ...rest, headers }, 8080);
}
const statusOf = (admitted: Admitted) =>
  admitted.kind === "refused" ? admitted.answer.status : admitted.kind;

it.each([
  ["/", "page"],
  ["/dags/a.b?state=failed&x=//", "page"],
  ["/dags/caf%C3%A9/runs/manual__2026-11-25T09%3A00%3A00%2B00%3A00", "page"],
  ["/_next/static/chunks/a.js", "page"],
  ["/healthz", "health"],
  ["/readyz?x", "ready"],
  ["/api/trpc/dags.list?input=%7B%7D", "api"],
  ["/api/v2/dags", 404],
  ["/api", 404],
  ["/api/trpc", 404],
])("GET %s is for %s", (target, kind) => {
  expect(statusOf(admit({ target }))).toBe(kind);
});

it.each([
  "//evil.example/",
  "/\\evil.example/",
  "/dags//x",
  "http://evil.example/",
  "*",
  "",
  "evil",
  "/..",
  "/a/../b",
  "/./a",
  "/%2e%2e/a",
  "/a/.%2E/b",
  "/a%2fb",
  "/a%5cb",
  "/%00",
  "/a%0d%0aset-cookie: x=1",
  "/a%7f",
  "/%",
  "/%zz",
  "/%ff",
])("has no page at %j", (target) => {
  expect(statusOf(admit({ target }))).toBe(400);
});

it.each([
  [[OWN], "page"],
  [["localhost:8080"], "page"],
  [["[::1]:8080"], "page"],
  [["127.0.0.1"], 421],
  [["127.0.0.1:80"], 421],
  [["evil.example:8080"], 421],
  [["127.0.0.1:8080.evil.example"], 421],
  [[""], 421],
  [[], 421],
  [[OWN, "evil.example"], 421],
  [[OWN, OWN], 421],
])("with the hosts %j it is %s", (hosts, kind) => {
  expect(statusOf(admit({ hosts }))).toBe(kind);
});

it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get"])(
  "answers no %s to a page",
  (method) => {
    expect(admit({ method, headers: { origin: `http://${OWN}` } })).toMatchObject({
      kind: "refused",
      answer: { status: 405, headers: { allow: "GET, HEAD" } },
    });
  },
);

it.each([
  [`http://${OWN}`, "api"],
  ["http://localhost:8080", 403],
  [`https://${OWN}`, 403],
  [`http://${OWN}/`, 403],
  ["http://evil.example", 403],
  ["null", 403],
  ["", 403],
  [undefined, 403],
])("takes a change from the origin %s: %s", (origin, kind) => {
  const headers = origin === undefined ? {} : { origin };
  expect(statusOf(admit({ method: "POST", target: "/api/trpc/door.signIn", headers }))).toBe(kind);
});

it("reads no body of a request that only reads", () => {
  expect(statusOf(admit({ headers: { "content-length": "3" } }))).toBe(400);
  expect(statusOf(admit({ headers: { "transfer-encoding": "chunked" } }))).toBe(400);
  expect(statusOf(admit({ headers: { "content-length": "0" } }))).toBe("page");
});
