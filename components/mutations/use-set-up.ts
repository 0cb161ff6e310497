"use client";

import { useMutation } from "@tanstack/react-query";
import { useTRPC } from "../trpc/trpc";

/** The first admin. Made once, so that it is not tried again by itself. */
export function useSetUp() {
  const trpc = useTRPC();
  return useMutation(trpc.door.setUp.mutationOptions({ retry: false }));
}
