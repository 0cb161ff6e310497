import { createHash } from "node:crypto";
import type { ErrorFacts } from "../executor/protocol";

/** The same for the same failure: ids, numbers and quoted values of the message do not count, nor do line numbers. */
export function fingerprint({ name, message, code, stack }: ErrorFacts): string {
  const shape = message
    .replaceAll(/0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f-]{27}|\d+(\.\d+)?/gi, "#")
    .replaceAll(/(["'`]).*?\1/g, "$1…$1");
  const place = /at (\S+) \(/.exec(stack)?.[1] ?? "";
  return createHash("sha256")
    .update([name, code ?? "", shape, place].join("\n"))
    .digest("hex")
    .slice(0, 16);
}
