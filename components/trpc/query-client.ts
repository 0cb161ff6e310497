import { QueryClient } from "@tanstack/react-query";
import type { TRPCClientErrorLike } from "@trpc/client";
import type { AppRouter } from "../../server/api/root";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: TRPCClientErrorLike<AppRouter>;
  }
}

const RETRIES = 3;

export const queryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // Vane may run on this machine: the browser's word that there is no network says nothing of it.
        networkMode: "always",
        // What Vane has answered stays its answer.
        retry: (count, error) => count < RETRIES && !error.data,
      },
      mutations: { networkMode: "always" },
    },
  });
