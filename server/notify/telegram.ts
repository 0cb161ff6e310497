import type { Api } from "node-telegram-bot-api";
import { z } from "zod";
import type { ConnectionFacts } from "../domain/connection";
import type { Refused } from "../secrets/resolve";
import type { Channel, Delivery } from "./channel";
import { composeText } from "./compose";

const TIMEOUT_MS = 10_000;
const MAX_TEXT = 4_096;
/** What Telegram allows a bot: a message a second to one chat, 30 to all. */
const RATE = { perChat: 1, global: 25 };
const DEFAULT_CONNECTION = "telegram_default";

/** As `telegram()` of the SDK writes them. */
const Options = z.object({ connection: z.string().default(DEFAULT_CONNECTION), chat: z.string().optional() });

export interface TelegramParts {
  /** Rejects while it cannot be looked up. */
  readonly connectionOf: (id: string) => Promise<ConnectionFacts | Refused>;
  readonly publicUrl: string;
  readonly timeoutMs?: number;
}

export function telegramChannel({ connectionOf, publicUrl, timeoutMs = TIMEOUT_MS }: TelegramParts): Channel {
  /** By server and token, so that the rate is kept over all messages of a bot. */
  const apis = new Map<string, Api>();

  async function apiOf(apiRoot: string, token: string): Promise<Api> {
    const key = `${apiRoot} ${token}`;
    const known = apis.get(key);
    if (known) return known;
    // Most systems send nothing for days: what it takes is loaded with the first message.
    const { Api: Made } = await import("node-telegram-bot-api");
    // It is the outbox that tries again.
    const api = new Made(token, { apiRoot, timeoutMs, maxRetries: 0, rateLimit: RATE });
    apis.set(key, api);
    return api;
  }

  return {
    async deliver(alert, signal) {
      const options = Options.safeParse(alert.options);
      if (!options.success)
        return { kind: "impossible", why: "telegram() was given options that it does not have." };
      const { connection: id, chat } = options.data;
      const connection = await connectionOf(id);
      if ("refused" in connection) return notSent(connection.refused, "channel");
      const token = connection.secrets["token"];
      if (connection.kind !== "telegram" || !token) {
        return notSent(`Connection ${id} is no telegram connection with a bot's token.`, "channel");
      }
      const to = chat ?? connection.host;
      if (to === null) return notSent(`Neither telegram() nor connection ${id} names a chat.`, "message");
      const api = await apiOf(connection.url, token);
      try {
        const text = composeText(alert, publicUrl, MAX_TEXT);
        await api.sendMessage({ chat_id: to, text, link_preview_options: { is_disabled: true } }, signal);
        return { kind: "sent" };
      } catch (thrown) {
        return judge(thrown, (text) => text.replaceAll(token, "***"));
      }
    },
  };
}

const notSent = (why: string, trouble: "message" | "channel"): Delivery => ({
  ...{ kind: "failed", why, trouble, mayHaveArrived: false },
});

/** The shape of what the library throws; its classes would have to be loaded to be asked for. */
const ApiError = z.object({
  errorCode: z.int(),
  description: z.string(),
  retryAfter: z.number().optional(),
});
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

function judge(thrown: unknown, hide: (text: string) => string): Delivery {
  const said = ApiError.safeParse(thrown);
  if (said.success) {
    const { errorCode, description, retryAfter } = said.data;
    return {
      ...{
        kind: "failed",
        why: hide(`Telegram answered ${errorCode}: ${description}`),
        mayHaveArrived: false,
      },
      // 400 and 403 are about this chat; a wrong token, a limit or a broken server is about all of them.
      trouble: errorCode === 400 || errorCode === 403 ? "message" : "channel",
      ...(retryAfter !== undefined && { retryAfterMs: retryAfter * 1_000 }),
    };
  }
  const codes = chainOf(thrown).map(({ code }) => code);
  const text = chainOf(thrown)
    .map(({ message }) => message)
    .join(": ");
  const answered = /^Server error \d/.test(text);
  const reached = !answered && !codes.some((code) => code !== undefined && NEVER_CONNECTED.has(code));
  return { kind: "failed", why: hide(text), trouble: "channel", mayHaveArrived: reached };
}

function chainOf(thrown: unknown): { readonly message: string; readonly code: string | undefined }[] {
  if (!(thrown instanceof Error)) return [{ message: String(thrown), code: undefined }];
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
  const own = { message: thrown.message, code };
  return thrown.cause === undefined ? [own] : [own, ...chainOf(thrown.cause)];
}
