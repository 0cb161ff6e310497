import type { Json } from "../domain/serialized-dag";
import type { Notifier } from "./callbacks";

export interface TelegramOptions {
  /** Id of a telegram connection; default "telegram_default". */
  connection?: string;
  /** Default: the connection's own chat. */
  chat?: string;
  /** Text of the message, with {{ dagId }}, {{ taskId }}, {{ error }}, ... in it. */
  template?: string;
}

/** Tells a Telegram chat. It is data, sent by Vane itself, also when the task was killed. */
export function telegram(options: TelegramOptions = {}): Notifier {
  const { connection = "telegram_default", chat, template } = options;
  const given: { [key: string]: Json } = { connection };
  if (chat !== undefined) given["chat"] = chat;
  if (template !== undefined) given["template"] = template;
  return { notifier: "telegram", options: given };
}
