import { createTRPCClient, httpBatchLink, type TRPCLink } from "@trpc/client";
import { observable, tap } from "@trpc/server/observable";
import type { AppRouter } from "../../server/api/root";

interface Options {
  /** Of the API, as the page sees it. */
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  /** The session has ended, or there was none. */
  readonly onSignedOut: () => void;
}

/** Below Node's limit for a request's head, and at most as many calls as the server takes at once. */
const LIMITS = { maxURLLength: 8_000, maxItems: 20 };

export const apiClient = ({ url, fetch, onSignedOut }: Options) =>
  createTRPCClient<AppRouter>({
    links: [
      signedOutLink(onSignedOut),
      httpBatchLink({
        ...{ url, ...LIMITS },
        fetch: (input, init) => fetch(input, { ...init, signal: init?.signal ?? null }),
      }),
    ],
  });

const signedOutLink =
  (onSignedOut: () => void): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op)
        .pipe(
          tap({
            error(error) {
              if (error.data?.code === "auth.signed_out") onSignedOut();
            },
          }),
        )
        .subscribe(observer),
    );
