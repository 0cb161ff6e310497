import { dag, runDomain } from "vane";

// Demo. The commonest job: call a function of the product on a schedule. It is the function that the API calls, with a
// pool that is opened for the attempt and closed whatever happens. Without `using` it is the connection postgres_default.

export const refreshScores = runDomain
  .using({ connection: "demo_postgres" })
  .task(
    { id: "refresh_scores", timeout: "30s" },
    () => import("../include/features/scores"),
    "refreshScores",
  );

export default dag(
  {
    id: "demo_scores",
    description: "Demo: calls one function of the product every minute.",
    tags: ["demo"],
    schedule: "* * * * *",
    maxActiveRuns: 1,
  },
  () => {
    refreshScores();
  },
);
