import type { LogLine } from "../../logs/log-line";
import { safeText } from "./safe-text";

/** `14:30:01.123  info    message  {"field":1}`, and a stack in lines of its own below. */
export function lineInWords({ t, level, source, msg, more, stack, ...fields }: LogLine): string {
  const label = source === "log" ? level : source;
  const rest = Object.keys(fields).length > 0 ? `  ${JSON.stringify(fields)}` : "";
  const first = `${t.slice(11, 23)}  ${label.padEnd(6)}  ${safeText(msg)}${safeText(rest)}${more ? " ..." : ""}\n`;
  return first + (stack === undefined ? "" : stackInWords(stack, msg));
}

/** A stack begins with the message, which has just been said. */
function stackInWords(stack: unknown, msg: string): string {
  const text = typeof stack === "string" ? stack : JSON.stringify(stack);
  const frames = text.startsWith(msg) ? text.slice(msg.length) : text;
  return frames
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `    ${safeText(line.trimStart())}\n`)
    .join("");
}
