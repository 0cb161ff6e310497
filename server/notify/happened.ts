import type { AlertFacts } from "../db/sql/outbox-row";
import { reasonInWords } from "../domain/reason-in-words";
import type { Happened } from "../executor/protocol";

/** What a callback is told, from the entry and the evidence that there is by now. */
export function happenedOf(facts: AlertFacts, publicUrl: string): Happened {
  const { event, dagId, runId, attempt } = facts;
  const error = event === "success" ? undefined : errorOf(facts);
  const durationMs = durationOf(facts);
  return {
    ...{ event, dagId, runId, url: urlOf(facts, publicUrl) },
    ...(attempt && { taskId: attempt.taskId, mapIndex: attempt.mapIndex, attempt: attempt.attempt }),
    ...(error && { error }),
    ...(durationMs !== null && { durationMs }),
  };
}

/** What was thrown, or what the process died of; without either, the reason in words. */
function errorOf({ end, happened }: AlertFacts): NonNullable<Happened["error"]> {
  const error = end?.error ?? happened.error;
  if (error) {
    const { message, stack } = error;
    return { message, ...(stack !== "" && { stack }) };
  }
  const reason = end?.reason ?? happened.reason ?? "error";
  return { message: reasonInWords(reason) };
}

/** Of the attempt; of the run where none failed, and where it succeeded. */
export function durationOf({ about, attempt, end, happened }: AlertFacts): number | null {
  return about === "run" && !attempt ? happened.durationMs : (end?.durationMs ?? null);
}

/** The page of the attempt; of the run where there is none to look at. */
export function urlOf({ dagId, runId, attempt }: AlertFacts, publicUrl: string): string {
  const run = `${publicUrl.replace(/\/+$/, "")}/dags/${encodeURIComponent(dagId)}/runs/${encodeURIComponent(runId)}`;
  if (!attempt) return run;
  const map = attempt.mapIndex < 0 ? "" : `map=${attempt.mapIndex}&`;
  return `${run}/tasks/${encodeURIComponent(attempt.taskId)}?${map}attempt=${attempt.attempt}`;
}
