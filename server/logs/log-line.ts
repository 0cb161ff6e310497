import { z } from "zod";

export const LogLevel = z.enum(["debug", "info", "warn", "error"]);
export type LogLevel = z.infer<typeof LogLevel>;

/** Who wrote it: `context().log`, the process's output, or Vane about the attempt. */
export const LogSource = z.enum(["log", "stdout", "stderr", "vane"]);
export type LogSource = z.infer<typeof LogSource>;

/** A line of an attempt's log. `more`: the next line goes on where this one was cut. */
export const LogLine = z.looseObject({
  t: z.string(),
  level: LogLevel,
  source: LogSource,
  msg: z.string(),
  more: z.literal(true).optional(),
});
export type LogLine = z.infer<typeof LogLine>;

/** Longer messages become several lines: a reader need never hold more than this for one. */
export const MAX_MESSAGE = 64 * 1024;

const RESERVED = new Set(["t", "level", "source", "msg", "more"]);

/** JSON lines without their line ends; most messages give one. */
export function renderLines(
  source: LogSource,
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): string[] {
  const t = new Date().toISOString();
  const lines: string[] = [];
  let rest = message;
  for (; rest.length > MAX_MESSAGE; rest = rest.slice(MAX_MESSAGE)) {
    lines.push(JSON.stringify({ t, level, source, msg: rest.slice(0, MAX_MESSAGE), more: true }));
  }
  lines.push(withFields({ t, level, source, msg: rest }, fields));
  return lines;
}

/** A line of a file; what is no line of ours is shown as it stands. */
export function parseLine(text: string): LogLine {
  try {
    return LogLine.parse(JSON.parse(text));
  } catch {
    return { t: "", level: "info", source: "stdout", msg: text };
  }
}

function withFields(line: LogLine, fields: Readonly<Record<string, unknown>>): string {
  const safe = Object.entries(fields).map(([key, value]): [string, unknown] => [
    RESERVED.has(key) ? `${key}_` : key,
    value,
  ]);
  const whole: Record<string, unknown> = { ...line, ...Object.fromEntries(safe) };
  try {
    return boundedText(JSON.stringify(whole), line);
  } catch {
    // A cycle, a BigInt, a toJSON that throws: the message is worth more than its fields.
    return JSON.stringify({ ...line, fields: "not JSON" });
  }
}

const MAX_LINE = 4 * MAX_MESSAGE;

const boundedText = (text: string, line: LogLine) =>
  text.length <= MAX_LINE ? text : JSON.stringify({ ...line, fields: `cut: ${text.length} characters` });
