"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../trpc/trpc";

const REFETCH_MS = 5_000;

/** The one query behind the list and the strip. It asks again while somebody looks, and only then. */
export function useDagList() {
  const trpc = useTRPC();
  return useQuery(
    trpc.dags.list.queryOptions(undefined, {
      refetchInterval: REFETCH_MS,
      refetchIntervalInBackground: false,
      placeholderData: keepPreviousData,
    }),
  );
}
