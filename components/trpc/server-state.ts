/** What the banners say of the server behind the page. */
export interface ServerState {
  /** When it was heard last, if it does not answer: what the page shows is as old as that. */
  readonly silentSince: Date | undefined;
  /** It is another build than the one that made the page. */
  readonly outdated: boolean;
}

export interface ServerStateStore {
  readonly get: () => ServerState;
  readonly subscribe: (listener: () => void) => () => void;
  /** @param build of whoever answered; null: not Vane, but something in between. */
  readonly heard: (build: string | null) => void;
  readonly silent: () => void;
}

export const AT_FIRST: ServerState = { silentSince: undefined, outdated: false };

/** @param build that made the page */
export function serverStateStore(build: string, now: () => Date = () => new Date()): ServerStateStore {
  const listeners = new Set<() => void>();
  let state = AT_FIRST;
  let heardAt = now();

  function set(next: ServerState) {
    if (next.silentSince === state.silentSince && next.outdated === state.outdated) return;
    state = next;
    for (const listener of listeners) listener();
  }
  const silent = () => {
    set({ ...state, silentSince: state.silentSince ?? heardAt });
  };
  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    heard(answering) {
      if (answering === null) {
        silent();
        return;
      }
      heardAt = now();
      set({ silentSince: undefined, outdated: answering !== build });
    },
    silent,
  };
}
