import type { AnyTRPCRouter } from "@trpc/server";
import type { Meta } from "../../api/trpc";

export interface DeclaredProcedure {
  /** As in a URL: `dags.setPaused`. */
  readonly path: string;
  readonly type: "query" | "mutation" | "subscription";
  readonly permission: Meta["permission"] | undefined;
  readonly inputs: readonly unknown[];
  readonly output: unknown;
}

interface Definition {
  readonly type: DeclaredProcedure["type"];
  readonly meta?: Meta;
  readonly inputs: readonly unknown[];
  readonly output?: unknown;
}

/** Every procedure of a router, as it declares itself. */
export function proceduresOf(router: AnyTRPCRouter): DeclaredProcedure[] {
  // A record of records by its type, and flat in truth.
  const flat = router._def.procedures as unknown as Readonly<Record<string, { _def: Definition }>>;
  return Object.entries(flat).map(([path, { _def }]) => ({
    ...{ path, type: _def.type, permission: _def.meta?.permission },
    ...{ inputs: _def.inputs, output: _def.output },
  }));
}
