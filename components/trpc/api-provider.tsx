"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { apiClient } from "./api-client";
import { listeningFetch } from "./listening-fetch";
import { queryClient } from "./query-client";
import { AT_FIRST, serverStateStore, type ServerState, type ServerStateStore } from "./server-state";
import { signInAddress } from "./sign-in-address";
import { TRPCProvider } from "./trpc";

const StoreContext = createContext<ServerStateStore | undefined>(undefined);

interface Props {
  /** Of the server that made this page. */
  readonly buildId: string;
  readonly children: ReactNode;
}

/** Around every page: how its parts ask the server, and what is known of it. */
export function ApiProvider({ buildId, children }: Props) {
  const [{ store, trpcClient, queries, ask }] = useState(() => openApi(buildId));
  useLookWhileSilent(store, ask);
  return (
    <StoreContext value={store}>
      <QueryClientProvider client={queries}>
        <TRPCProvider trpcClient={trpcClient} queryClient={queries}>
          {children}
        </TRPCProvider>
      </QueryClientProvider>
    </StoreContext>
  );
}

/** Whether the server answers, and is the one that made this page. */
export function useServerState(): ServerState {
  const store = useContext(StoreContext);
  if (!store) throw new Error("Only below ApiProvider.");
  return useServerStateOf(store);
}

const useServerStateOf = (store: ServerStateStore) =>
  useSyncExternalStore(store.subscribe, store.get, () => AT_FIRST);

function openApi(buildId: string) {
  const store = serverStateStore(buildId);
  const ask = listeningFetch(store, (input, init) => fetch(input, init));
  const trpcClient = apiClient({
    url: "/api/trpc",
    fetch: ask,
    onSignedOut() {
      const address = signInAddress(location);
      if (address !== undefined) location.assign(address);
    },
  });
  return { store, trpcClient, queries: queryClient(), ask };
}

const LOOK_MS = 5_000;

/** A page without a query that asks again by itself would not notice that the server is back. */
function useLookWhileSilent(store: ServerStateStore, ask: typeof fetch) {
  const isSilent = useServerStateOf(store).silentSince !== undefined;
  useEffect(() => {
    if (!isSilent) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible")
        ask("/healthz", { cache: "no-store" }).catch(() => undefined);
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
    };
  }, [isSilent, ask]);
}
