/*
 * What a worker and its runtime say to one another.
 *
 *   fd 0-2   nothing; pipes for whatever user code or its children write there directly
 *   fd 3     these messages, as Node's IPC
 *   fd 4     log lines of the attempt, JSON; `logBytes` of `done` tells how many bytes came before it
 *   fd 5     the watchdog's deadline, as text: see watchdog.ts
 */
import { z } from "zod";
import { Exec } from "../domain/ids";
import { Came, type ConnectionFacts, type WorkItem } from "../executor/protocol";
import type { BundleFiles } from "./bundles";

export const FD = { log: 4, watchdog: 5 } as const;

interface Refused {
  readonly refused: string;
}

/**
 * Not parsed: a runtime is started by the worker that speaks to it, from the same build, and the worker has parsed what it
 * passes on. (A parse of `run` took as long as a short task.)
 */
export type ToRuntime =
  | {
      readonly type: "run";
      /** References are paths of files by now. */
      readonly work: WorkItem;
      readonly bundle: BundleFiles;
      /** Beginning of the paths for values that are too big to be messages. */
      readonly spillPrefix: string;
    }
  | { readonly type: "abort"; readonly why: string }
  | { readonly type: "connection"; readonly query: number; readonly answer: ConnectionFacts | Refused }
  | {
      readonly type: "variable";
      readonly query: number;
      readonly answer: { readonly value: string } | Refused;
    };

export const FromRuntime = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready") }),
  z.strictObject({ type: z.literal("need_connection"), query: z.int(), id: z.string() }),
  z.strictObject({ type: z.literal("need_variable"), query: z.int(), key: z.string() }),
  z.strictObject({
    type: z.literal("done"),
    exec: Exec,
    came: Came,
    /** Written to fd 4 since the process began. */
    logBytes: z.int(),
    /** What goes on in its name, so that it is over only when this process is. */
    stillRunning: z.string().nullable(),
    /** It started processes; what of them is left has to be looked for. */
    spawned: z.boolean(),
  }),
  /**
   * Right after a `done`, which does not wait for it: another attempt would notice what this one has changed. It begins no
   * `run` any more, be one on its way already.
   */
  z.strictObject({ type: z.literal("spoiled"), why: z.string() }),
]);
export type FromRuntime = z.infer<typeof FromRuntime>;
