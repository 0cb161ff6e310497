"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../server/api/root";
import { useTRPC } from "../trpc/trpc";
import { toast } from "../ui/toasts";
import { failureInWords } from "./failure";

type Answer = inferRouterOutputs<AppRouter>["runs"]["trigger"];

/** A run now, with the defaults of its params. */
export function useTriggerRun(dagId: string) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const trigger = useMutation(
    trpc.runs.trigger.mutationOptions({
      // Only what was not answered, and under the same key, so that it cannot happen twice.
      retry: (count, error) => count < 3 && !error.data,
      onSuccess: async (answer) => {
        toast(outcomeInWords(dagId, answer));
        await cache.invalidateQueries(trpc.dags.list.queryFilter());
      },
      onError: (error) => {
        toast(`${dagId} was not triggered. ${failureInWords(error)}`);
      },
    }),
  );
  return {
    sending: trigger.isPending,
    trigger: () => {
      trigger.mutate({ dagId, logicalDate: null, conf: {}, idempotencyKey: crypto.randomUUID() });
    },
  };
}

function outcomeInWords(dagId: string, answer: Answer): string {
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
