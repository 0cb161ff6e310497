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
import { Came, ConnectionFacts, WorkItem } from "../executor/protocol";

export const FD = { log: 4, watchdog: 5 } as const;

const Refused = z.strictObject({ refused: z.string() });

export const ToRuntime = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("run"),
    /** References are paths of files by now. */
    work: WorkItem,
    bundle: z.strictObject({ codePath: z.string(), mapPath: z.string(), file: z.string() }),
    /** Beginning of the paths for values that are too big to be messages. */
    spillPrefix: z.string(),
  }),
  z.strictObject({ type: z.literal("abort"), why: z.string() }),
  z.strictObject({
    type: z.literal("connection"),
    query: z.int(),
    answer: z.union([ConnectionFacts, Refused]),
  }),
  z.strictObject({
    type: z.literal("variable"),
    query: z.int(),
    answer: z.union([z.strictObject({ value: z.string() }), Refused]),
  }),
]);
export type ToRuntime = z.infer<typeof ToRuntime>;

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
    /** What the attempt left behind, so that this process must not serve another one. */
    soiled: z.string().nullable(),
    /** It started processes; what of them is left has to be looked for. */
    spawned: z.boolean(),
  }),
]);
export type FromRuntime = z.infer<typeof FromRuntime>;
