import { existsSync, watch } from "node:fs";
import type { Command } from "commander";
import { messagesFolder, readMessages, type Message } from "../../demo/message-file";
import type { Cli, Running } from "../cli";
import { safeText } from "../format/safe-text";

interface Options {
  readonly follow?: true;
}

export function addDemoMessages(demo: Command, cli: Cli): void {
  demo
    .command("messages")
    .description("Print what was sent to the demo's Telegram")
    .option("-f, --follow", "go on until Ctrl-C; with JSON, one message a line")
    .action(({ follow }: Options) =>
      cli.withSystem(async (running) => {
        const folder = messagesFolder(running.system.home);
        if (!existsSync(folder)) {
          running.print.note("There is no demo here. Start Vane with --demo.");
          return undefined;
        }
        if (follow) return followMessages(running, folder);
        const messages = readMessages(folder);
        if (running.print.format === "json") running.print.list(messages, (message) => message, []);
        else for (const message of messages) running.terminal.out(inWords(message));
        if (messages.length === 0) running.print.note("Nothing was sent yet.");
        return undefined;
      }),
    );
}

async function followMessages({ terminal, print }: Running, folder: string) {
  let last = 0;
  const printNew = () => {
    for (const message of readMessages(folder).filter(({ message_id }) => message_id > last)) {
      terminal.out(print.format === "json" ? `${JSON.stringify(message)}\n` : inWords(message));
      last = message.message_id;
    }
  };
  // Watched from before the first look, so that nothing is missed between the two.
  const watcher = watch(folder, printNew);
  printNew();
  await new Promise<void>((resolve) => terminal.onInterrupt(resolve));
  watcher.close();
  return undefined;
}

const inWords = ({ date, chat_id, text }: Message) =>
  `${date.slice(0, 19)}Z  to ${safeText(chat_id)}\n${safeText(text).replace(/^/gm, "  ")}\n\n`;
