import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../server/api/root";

export type DagList = inferRouterOutputs<AppRouter>["dags"]["list"];
export type DagSummary = DagList["dags"][number];
