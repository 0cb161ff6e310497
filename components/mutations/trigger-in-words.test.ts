import { expect, it } from "vitest";
import { RunId } from "../../server/domain/ids";
import { triggerInWords } from "./trigger-in-words";

const runId = RunId.parse("manual__2026-11-24T14:32:07Z");

it.each<[answer: Parameters<typeof triggerInWords>[1], words: string]>([
  [{ kind: "created", runId, state: "queued", paused: false }, `greet has a new run: ${runId}`],
  [
    { kind: "created", runId, state: "queued", paused: true },
    "greet is paused: the run waits until it is active.",
  ],
  [{ kind: "conflict", runId, sentence: "greet has that run already." }, "greet has that run already."],
  [
    { kind: "invalid_params", errors: [{ path: ["wallet"], message: "It is missing." }] },
    "greet takes params that you have to give: npx vane dags trigger greet --params '{ … }'",
  ],
  [{ kind: "dag_not_found" }, "greet is gone: no file defines it any more."],
  [{ kind: "expired", sentence: "No scheduler took it in time." }, "No scheduler took it in time."],
  [
    { kind: "waiting", commandId: 7 },
    "The request for greet is kept. It happens as soon as a scheduler is up.",
  ],
])("%o", (answer, words) => {
  expect(triggerInWords("greet", answer)).toBe(words);
});
