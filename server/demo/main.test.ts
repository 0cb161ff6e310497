import { mkdtempSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Api } from "node-telegram-bot-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { silentLog } from "../platform/log";
import type { Running } from "../platform/running";
import { freePort } from "../supervisor/free-port";
import { startDemo } from "./main";
import { messagesFolder, openMessages, readMessages } from "./message-file";

const TOKEN = "1:secret";
const home = mkdtempSync(join(tmpdir(), "vane-demo-"));
const folder = messagesFolder(home);
let port = 0;
let demo: Running;
beforeAll(async () => {
  port = await freePort();
  demo = await startDemo({ port, folder, token: TOKEN, seed: 1, log: silentLog });
});
afterAll(async () => {
  await demo.stop();
  rmSync(home, { recursive: true });
});

const api = (token = TOKEN) => new Api(token, { apiRoot: `http://127.0.0.1:${port}`, maxRetries: 0 });

it("is a Telegram to the client that Vane uses, and keeps what it was told for nobody else to read", async () => {
  expect(await api().getMe()).toMatchObject({ is_bot: true });
  const sent = await api().sendMessage({ chat_id: "-100", text: "Zwei Zeilen\nmit ümlaut & <b>" });
  expect(sent).toMatchObject({ chat: { id: -100 }, text: "Zwei Zeilen\nmit ümlaut & <b>" });
  expect(readMessages(folder).at(-1)).toMatchObject({
    message_id: sent.message_id,
    chat_id: "-100",
    text: sent.text,
  });
  expect(statSync(join(folder, "messages.jsonl")).mode & 0o777).toBe(0o600);
});

it("takes JSON as well", async () => {
  const body = JSON.stringify({ chat_id: 5, text: "hello" });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://127.0.0.1:${port}/bot${TOKEN}/sendMessage`, {
    method: "POST",
    headers,
    body,
  });
  expect(await answer.json()).toMatchObject({ ok: true, result: { chat: { id: 5 }, text: "hello" } });
});

it("refuses as Telegram does", async () => {
  const before = readMessages(folder).length;
  await expect(api("1:wrong").getMe()).rejects.toMatchObject({ errorCode: 401 });
  await expect(api().sendMessage({ chat_id: "1", text: "" })).rejects.toThrow("message text is empty");
  await expect(api().sendMessage({ chat_id: "1", text: "x".repeat(4_097) })).rejects.toThrow("too long");
  await expect(api().sendMessage({ chat_id: "1", text: "x".repeat(70_000) })).rejects.toMatchObject({
    errorCode: 413,
  });
  expect(readMessages(folder)).toHaveLength(before);
});

it("answers to its own name only", async () => {
  const status = await new Promise((resolve, reject) => {
    request({ port, path: "/pools", headers: { host: "evil.example" } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
  });
  expect(status).toBe(404);
});

it("keeps the newest messages, and goes on counting after a restart", () => {
  const other = join(home, "other");
  const first = openMessages(other);
  const append = (to: typeof first, count: number) => {
    for (let n = 0; n < count; n++) to.append({ date: new Date(0).toISOString(), chat_id: "1", text: "x" });
  };
  append(first, 1_500);
  append(openMessages(other), 1_000);
  const kept = readMessages(other);
  expect(kept.length).toBeLessThanOrEqual(2_000);
  expect([kept.at(0)?.message_id, kept.at(-1)?.message_id]).toEqual([1_001, 2_500]);
});
