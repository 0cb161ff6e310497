"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../trpc/trpc";
import { toast } from "../ui/toasts";
import { failureInWords } from "./failure";
import { triggerInWords } from "./trigger-in-words";

/** A run now, with the defaults of its params. */
export function useTriggerRun(dagId: string) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const trigger = useMutation(
    trpc.runs.trigger.mutationOptions({
      // Only what was not answered, and under the same key, so that it cannot happen twice.
      retry: (count, error) => count < 3 && !error.data,
      onSuccess: async (answer) => {
        toast(triggerInWords(dagId, answer));
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
