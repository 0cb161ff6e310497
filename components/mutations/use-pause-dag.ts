"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../trpc/trpc";
import { toast } from "../ui/toasts";
import { failureInWords } from "./failure";

export function usePauseDag(dagId: string) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const pause = useMutation(
    trpc.dags.setPaused.mutationOptions({
      // Until the list has it, the switch would jump back.
      onSuccess: async ({ kind }) => {
        if (kind === "dag_not_found") toast(`${dagId} is gone: no file defines it any more.`);
        await cache.invalidateQueries(trpc.dags.list.queryFilter());
      },
      onError: (error) => {
        toast(`${dagId} is as it was. ${failureInWords(error)}`);
      },
    }),
  );
  return {
    /** What is on its way; undefined when nothing is. */
    wanted: pause.isPending ? pause.variables.paused : undefined,
    setPaused: (paused: boolean) => {
      pause.mutate({ dagId, paused, idempotencyKey: crypto.randomUUID() });
    },
  };
}
