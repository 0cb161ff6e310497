import { z } from "zod";
import type { Clock } from "../platform/clock";
import type { Answer } from "./answer";
import { openMessages } from "./message-file";

interface Options {
  readonly token: string;
  /** Where the messages are kept. */
  readonly folder: string;
  readonly clock: Clock;
}

/** Telegram's own limit. */
const MAX_TEXT = 4_096;

const SendMessage = z.object({
  chat_id: z.coerce.string().min(1, "chat_id is empty"),
  text: z
    .string("message text is empty")
    .min(1, "message text is empty")
    .max(MAX_TEXT, "message is too long"),
});

const BOT = { id: 1, is_bot: true, first_name: "Vane demo", username: "vane_demo_bot" };

/** Takes messages as Telegram's Bot API does, and keeps them where `vane demo messages` looks. */
export function telegramSink({ token, folder, clock }: Options) {
  const messages = openMessages(folder);

  function sendMessage(params: unknown): Answer {
    const parsed = SendMessage.safeParse(params);
    if (!parsed.success) return refused(400, `Bad Request: ${parsed.error.issues[0]?.message ?? "wrong"}`);
    const now = clock.now();
    const { message_id, chat_id, text } = messages.append({ ...parsed.data, date: now.toISOString() });
    const id = /^-?\d+$/.test(chat_id) ? Number(chat_id) : 0;
    const chat = { id, type: "private", ...(id === 0 && { username: chat_id.replace(/^@/, "") }) };
    return taken({ message_id, date: Math.floor(now.getTime() / 1_000), from: BOT, chat, text });
  }

  /** @param path `/bot<token>/<method>` */
  return (path: string, params: unknown): Answer => {
    const [, given, method] = /^\/bot([^/]*)\/(\w+)$/.exec(path) ?? [];
    if (given === undefined) return refused(404, "Not Found");
    if (given !== token) return refused(401, "Unauthorized");
    if (method === "sendMessage") return sendMessage(params);
    if (method === "getMe") return taken(BOT);
    return refused(404, "Not Found: method not found");
  };
}

const taken = (result: object): Answer => ({ status: 200, body: { ok: true, result } });

const refused = (status: number, description: string): Answer => ({
  status,
  body: { ok: false, error_code: status, description },
});
