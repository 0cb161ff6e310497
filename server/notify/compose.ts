import type { ClaimedAlert } from "../db/sql/claim-outbox";
import type { AlertFacts } from "../db/sql/outbox-row";
import { durationInWords } from "../domain/duration-in-words";
import { reasonInWords } from "../domain/reason-in-words";
import { durationOf, urlOf } from "./happened";
import { renderTemplate } from "./template";

const WORDS = { failure: "Failed", retry: "Failed, will be retried", success: "Succeeded" } as const;
const REPEATED = "This may have been sent before: the answer to an earlier try was lost.";
/** Of the error: enough to know it, and room for the rest. */
const MAX_ERROR = 1_000;

/** The message for people: plain text, at most `max` UTF-16 units, which is what Telegram counts. */
export function composeText(alert: ClaimedAlert, publicUrl: string, max: number): string {
  const { template } = alert.options;
  const url = urlOf(alert, publicUrl);
  const text =
    typeof template === "string" ? renderTemplate(template, valuesOf(alert, url)) : linesOf(alert, url);
  const tail = alert.repeated ? `\n${REPEATED}` : "";
  return `${cut(text, max - tail.length)}${tail}`;
}

function valuesOf(alert: AlertFacts, url: string): Record<string, string> {
  const { dagId, runId, attempt, event } = alert;
  return {
    ...{ dagId, runId, url, event },
    taskId: attempt?.taskId ?? "",
    mapIndex: attempt && attempt.mapIndex >= 0 ? String(attempt.mapIndex) : "",
    attempt: attempt ? String(attempt.attempt) : "",
    error: errorLine(alert) ?? "",
    duration: inWords(durationOf(alert)) ?? "",
  };
}

function linesOf(alert: AlertFacts, url: string): string {
  const { about, event, dagId, runId, attempt, happened } = alert;
  const error = errorLine(alert);
  const duration = inWords(durationOf(alert));
  const more = about === "run" && happened.failed > 1 ? ` (the first of ${happened.failed} that failed)` : "";
  const index = attempt && attempt.mapIndex >= 0 ? `[${attempt.mapIndex}]` : "";
  return [
    `${WORDS[event]}: ${dagId}`,
    ...(about === "run" && happened.reason && happened.reason !== "error" && event === "failure"
      ? [reasonInWords(happened.reason)]
      : []),
    ...(attempt ? [`Task: ${attempt.taskId}${index}${more}`, `Attempt: ${attempt.attempt}`] : []),
    ...(error === undefined ? [] : [`Error: ${error}`]),
    ...(duration === undefined ? [] : [`Duration: ${duration}`]),
    `Run: ${runId}`,
    url,
  ].join("\n");
}

/** What was thrown, or what the process died of, in one line; without either, the reason. */
function errorLine({ event, about, attempt, end, happened }: AlertFacts): string | undefined {
  if (event === "success") return undefined;
  const error = end?.error ?? happened.error;
  const why = end?.reason ?? happened.reason;
  // A run without a failed task says its reason in a line of its own.
  const apart = about === "run" && !attempt;
  if (!error) return why && !apart ? reasonInWords(why) : undefined;
  const [first = ""] = error.message.split("\n");
  const said = cut(isSentence(error) ? first : `${error.name}: ${first}`, MAX_ERROR);
  return apart || why === null || why === "error" || why === "exited"
    ? said
    : `${reasonInWords(why)} ${said}`;
}

/** Ours, and not what somebody threw. */
const isSentence = ({ code }: { readonly code: string | null }) =>
  code === "runtime.exited" || code === "params.invalid";

const inWords = (ms: number | null) => (ms === null ? undefined : durationInWords(ms));

/** Never within a character that takes two units. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const whole = text.slice(0, max - 1);
  return `${/[\uD800-\uDBFF]$/.test(whole) ? whole.slice(0, -1) : whole}…`;
}
