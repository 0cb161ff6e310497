import type { inferRouterInputs } from "@trpc/server";
import type { AppRouter } from "../../api/root";
import type { Meta } from "../../api/trpc";
import type { Role } from "../../auth/permissions";

/*
 * Who may call what, once more, and on purpose not taken from the code: what the router declares and what it does are held
 * against this table. A procedure without a row does not compile, and fails a test.
 */

export interface Row<Input> {
  readonly permission: Meta["permission"];
  /** The least role that may; `anyone` needs no session. */
  readonly by: Role | "anyone";
  /** One that is answered with 200, a new one each time. */
  readonly input: () => Input;
}

type Rows<Inputs> = {
  readonly [Entity in keyof Inputs]: { readonly [Verb in keyof Inputs[Entity]]: Row<Inputs[Entity][Verb]> };
};

/** Has no session in any test: what it does at the door disturbs nobody. */
export const DOORKEEPER = { email: "doorkeeper@vane.test", password: "knows the way in" };

export const SEEDED_DAG = "hello";
const aKey = () => crypto.randomUUID();
const nothing = () => undefined;

const TABLE: Rows<inferRouterInputs<AppRouter>> = {
  door: {
    signIn: { permission: "door", by: "anyone", input: () => DOORKEEPER },
    signOut: { permission: "door", by: "anyone", input: nothing },
    checkSetUp: { permission: "door", by: "anyone", input: () => ({ token: "no such token" }) },
    setUp: {
      ...{ permission: "door", by: "anyone" },
      input: () => ({ ...DOORKEEPER, name: "Mallory", token: "no such token" }),
    },
  },
  me: { get: { permission: "self", by: "viewer", input: nothing } },
  dags: {
    list: { permission: "dag.read", by: "viewer", input: nothing },
    setPaused: {
      ...{ permission: "dag.pause", by: "user" },
      input: () => ({ dagId: SEEDED_DAG, paused: true, idempotencyKey: aKey() }),
    },
  },
  runs: {
    trigger: {
      ...{ permission: "run.trigger", by: "user" },
      input: () => ({ dagId: SEEDED_DAG, logicalDate: null, conf: {}, idempotencyKey: aKey() }),
    },
  },
  importErrors: { list: { permission: "dag.read", by: "viewer", input: nothing } },
};

export const ACCESS: ReadonlyMap<string, Row<unknown>> = new Map(
  Object.entries(TABLE).flatMap(([entity, verbs]) =>
    Object.entries<Row<unknown>>(verbs).map(([verb, row]) => [`${entity}.${verb}`, row] as const),
  ),
);
