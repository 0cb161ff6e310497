import { appendFileSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** A message that the sink has taken, as it stands in its file: one a line. */
export const Message = z.object({
  message_id: z.int(),
  date: z.iso.datetime(),
  chat_id: z.string(),
  text: z.string(),
});
export type Message = z.infer<typeof Message>;

/** The older ones go when the newer file is full, so that there are at least so many, and at most twice as many. */
const KEPT = 1_000;

export const messagesFolder = (home: string) => join(home, "demo");
const currentFile = (folder: string) => join(folder, "messages.jsonl");
const earlierFile = (folder: string) => join(folder, "messages.1.jsonl");

/** All that are kept, oldest first. */
export const readMessages = (folder: string): Message[] =>
  [earlierFile(folder), currentFile(folder)].flatMap(messagesIn);

/** The only writer. */
export function openMessages(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let lastId = readMessages(folder).at(-1)?.message_id ?? 0;
  let held = messagesIn(currentFile(folder)).length;
  return {
    append(message: Omit<Message, "message_id">): Message {
      if (held >= KEPT) {
        renameSync(currentFile(folder), earlierFile(folder));
        held = 0;
      }
      const kept = { message_id: ++lastId, ...message };
      appendFileSync(currentFile(folder), `${JSON.stringify(kept)}\n`, { mode: 0o600 });
      held += 1;
      return kept;
    },
  };
}

function messagesIn(file: string): Message[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => messageOf(line) ?? []);
}

/** A line may be cut off by a kill, or be on its way. */
function messageOf(line: string): Message | undefined {
  try {
    return Message.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
