"use client";

import { useMutation } from "@tanstack/react-query";
import { useTRPC } from "../trpc/trpc";
import { toast } from "../ui/toasts";
import { failureInWords } from "./failure";

export function useSignOut() {
  const trpc = useTRPC();
  return useMutation(
    trpc.door.signOut.mutationOptions({
      onSuccess: () => {
        // By a load of its own: nothing of this session stays in the window.
        location.assign("/sign-in");
      },
      onError: (error) => {
        toast(`You are still signed in. ${failureInWords(error)}`);
      },
    }),
  );
}
