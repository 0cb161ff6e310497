import { context, dag, task } from "vane";

// Fails twice, then works: what retries look like. It goes by the number of the attempt, so that every run is the same.

const FAILURES = 2;

const askService = task(
  { id: "ask_service", retries: 3, retryDelay: "1s", retryBackoff: 2, maxRetryDelay: "10s" },
  () => {
    const { attempt, log } = context();
    if (attempt <= FAILURES) throw new Error(`The service answered 503 to attempt ${attempt}.`);
    log.info(`The service answered attempt ${attempt}.`);
    return { attempts: attempt };
  },
);

const note = task("note", (answer: { attempts: number }) => {
  context().log.info(`It took ${answer.attempts} attempts.`);
});

export default dag(
  {
    id: "flaky",
    description: "A task that fails twice and succeeds at its third attempt.",
    tags: ["example"],
  },
  () => {
    note(askService());
  },
);
