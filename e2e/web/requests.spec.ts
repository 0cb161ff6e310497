import { request as node } from "node:http";
import { expect } from "@playwright/test";
import { test } from "../system/test";

/** Playwright sets Host itself. */
function statusFor(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    node(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test("only by its own name", async ({ vane }) => {
  const { host, port } = new URL(vane.url);
  expect(await statusFor(`${vane.url}/sign-in`, { host })).toBe(200);
  expect(await statusFor(`${vane.url}/sign-in`, { host: `localhost:${port}` })).toBe(200);
  for (const other of [
    "evil.example",
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    "127.0.0.1:1",
  ]) {
    expect(await statusFor(`${vane.url}/sign-in`, { host: other }), other).toBe(421);
  }
});

test.describe("as somebody who may", () => {
  test.use({ role: "admin" });

  test("nothing is changed for a page of somebody else's", async ({ context, vane }) => {
    const data = { dagId: "greet", paused: true, idempotencyKey: "from-elsewhere" };
    const post = (headers: Record<string, string>, body: unknown = data) =>
      context.request.post("/api/trpc/dags.setPaused", { data: body, headers });
    for (const origin of [
      "https://evil.example",
      "null",
      vane.url.replace("http:", "https:"),
      `${vane.url}0`,
    ]) {
      expect((await post({ origin })).status(), origin).toBe(403);
    }
    expect((await post({})).status(), "none").toBe(403);
    const plain = { origin: vane.url, "content-type": "text/plain" };
    expect((await post(plain, JSON.stringify(data))).status()).toBe(415);
    const form = { origin: vane.url, "content-type": "application/x-www-form-urlencoded" };
    expect((await post(form, "dagId=greet")).status()).toBe(415);

    const { rows } = await vane.db.query("select paused from dag where dag_id = 'greet'");
    expect(rows).toEqual([{ paused: false }]);
    expect((await post({ origin: vane.url }, { ...data, paused: false })).status()).toBe(200);
  });
});
