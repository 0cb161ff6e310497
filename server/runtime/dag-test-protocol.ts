import { z } from "zod";
import { TASK_STATES } from "../domain/task-instance";
import { ConnectionFacts, ErrorFacts } from "../executor/protocol";
import { Json } from "../domain/serialized-dag";

/* What `vane dags test` and the process that runs the DAG for it say to one another. User code runs there: all is parsed. */

export const ToDagTest = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("run"),
    code: z.string(),
    sourceMap: z.string(),
    file: z.string(),
    bundlePath: z.string(),
    dagId: z.string(),
    params: z.record(z.string(), Json),
    logicalDate: z.iso.datetime().nullable(),
  }),
  z.strictObject({ type: z.literal("connection"), query: z.int(), facts: ConnectionFacts }),
  z.strictObject({ type: z.literal("variable"), query: z.int(), value: z.string() }),
  z.strictObject({ type: z.literal("refused"), query: z.int(), why: z.string() }),
]);
export type ToDagTest = z.infer<typeof ToDagTest>;

export const TestedTask = z.strictObject({
  taskId: z.string(),
  state: z.enum(TASK_STATES),
  attempts: z.int(),
  result: Json.optional(),
  error: ErrorFacts.nullable(),
});
export type TestedTask = z.infer<typeof TestedTask>;

export const FromDagTest = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("line"), text: z.string() }),
  z.strictObject({
    type: z.literal("ask"),
    query: z.int(),
    what: z.enum(["connection", "variable"]),
    id: z.string(),
  }),
  z.strictObject({
    type: z.literal("ended"),
    state: z.enum(["success", "failed"]),
    tasks: z.array(TestedTask),
  }),
  /** It could not even begin. */
  z.strictObject({ type: z.literal("failed"), error: ErrorFacts }),
]);
export type FromDagTest = z.infer<typeof FromDagTest>;
