import { text } from "node:stream/consumers";
import { secretTexts } from "../../domain/connection";
import { ConnectionFacts } from "../../executor/protocol";
import { masker } from "../../logs/mask";
import type { TestOutcome } from "./outcome";
import { probe } from "./probe";

/*
 * dist/connection-test.cjs: a process for one trial. Whatever a driver does with an address that somebody typed in, it
 * does here, and the time it may take is its parent's word.
 */
async function main(): Promise<void> {
  const facts = ConnectionFacts.parse(JSON.parse(await text(process.stdin)));
  const { mask, add } = masker();
  add(secretTexts(facts.secrets));
  const { ok, sentence } = await probe(facts).catch((error: unknown): TestOutcome => {
    return { ok: false, sentence: `It cannot be reached: ${reasonOf(error)}.` };
  });
  process.stdout.write(JSON.stringify({ ok, sentence: mask(sentence) }), () => process.exit(0));
}

/** fetch says "fetch failed" and hides why in its cause; several addresses give several errors. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}

void main();
