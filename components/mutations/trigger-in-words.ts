import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../server/api/root";

type Answer = inferRouterOutputs<AppRouter>["runs"]["trigger"];

/** What came of it, and what to do if nothing did. */
export function triggerInWords(dagId: string, answer: Answer): string {
  switch (answer.kind) {
    case "created":
      return answer.paused
        ? `${dagId} is paused: the run waits until it is active.`
        : `${dagId} has a new run: ${answer.runId}`;
    case "conflict":
      return answer.sentence;
    case "invalid_params":
      return `${dagId} takes params that you have to give: npx vane dags trigger ${dagId} --params '{ … }'`;
    case "dag_not_found":
      return `${dagId} is gone: no file defines it any more.`;
    case "expired":
      return answer.sentence;
    case "waiting":
      return `The request for ${dagId} is kept. It happens as soon as a scheduler is up.`;
  }
}
