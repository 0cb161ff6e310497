import type { ServerStateStore } from "./server-state";

/** Told apart from a server of somebody else's, or a proxy, by this header. */
const BUILD = "x-vane-build";

/** fetch that tells whether the server answers, and which build it is. */
export function listeningFetch(
  heard: ServerStateStore,
  fetch: typeof globalThis.fetch,
): typeof globalThis.fetch {
  return async (input, init) => {
    try {
      const response = await fetch(input, init);
      heard.heard(response.headers.get(BUILD));
      return response;
    } catch (error) {
      // A request that the page itself gave up says nothing of the server.
      if (!init?.signal?.aborted) heard.silent();
      throw error;
    }
  };
}
