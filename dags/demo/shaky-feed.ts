import { context, dag, Retry, task } from "vane";

// Demo. Needs its retries: the first attempt is refused, the second breaks, the third works, in every run.

export const readFeed = task({ id: "read_feed", retries: 3, retryDelay: "2s", retryBackoff: 2 }, () => {
  const { attempt, log } = context();
  if (attempt === 1) throw new Retry("The feed asks to come back in a second.", { after: "1s" });
  if (attempt === 2) throw new Error("The feed closed the connection.");
  log.info(`The feed answered attempt ${attempt}.`);
  return { attempts: attempt };
});

export default dag(
  {
    id: "demo_shaky_feed",
    description: "Demo: succeeds at its third attempt, every two minutes.",
    tags: ["demo"],
    schedule: "*/2 * * * *",
  },
  () => {
    readFeed();
  },
);
