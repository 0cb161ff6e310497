import type { Pool } from "pg";
import type { Auth } from "../auth/auth.types";
import type { Caller, Session } from "../auth/session";
import type { Door } from "../commands/request-command";
import type { DagList } from "../db/queries/open-dag-list";

/** What every procedure is given. Those that need a session get it, and a door under its name, from `trpc.ts`. */
export interface Context {
  readonly auth: Auth;
  readonly db: Pool;
  readonly dagList: DagList;
  readonly headers: Headers;
  readonly caller: Caller;
  /** Looked up once a request, by the first procedure that asks. */
  readonly session: () => Promise<Session | undefined>;
  readonly doorOf: (principal: string) => Door;
  /** `set-cookie` values that travel with the answer. */
  readonly sendCookies: (cookies: readonly string[]) => void;
}

export interface ContextOptions {
  readonly auth: Auth;
  readonly db: Pool;
  readonly dagList: DagList;
  readonly answerTo: Door["answerTo"];
}

interface Arrived {
  readonly headers: Headers;
  readonly caller: Caller;
  readonly sendCookies: (cookies: readonly string[]) => void;
}

export function makeContext({ auth, db, dagList, answerTo }: ContextOptions, arrived: Arrived): Context {
  let session: Promise<Session | undefined> | undefined;
  return {
    ...arrived,
    auth,
    db,
    dagList,
    session: () => (session ??= auth.sessionOf(arrived.headers)),
    doorOf: (principal) => ({ db, principal, address: arrived.caller.address, answerTo }),
  };
}
