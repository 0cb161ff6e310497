import type { ParamsWork } from "../executor/protocol";
import { VaneError } from "../platform/errors";
import type { DagInside } from "../sdk/inside";
import type { Came } from "../executor/protocol";
import { failed } from "./run-task";

/**
 * The whole schema, refinements included: those are user code and nobody else may run them. What they say is final, what
 * they throw too.
 */
export async function checkParams(dag: DagInside, { run }: ParamsWork): Promise<Came> {
  try {
    const parsed = await dag.params?.safeParseAsync(run.params);
    if (!parsed || parsed.success) return { kind: "returned", result: { none: true }, pushed: {} };
    const issues = parsed.error.issues.map(
      ({ path, message }) => `${path.join(".") || "params"}: ${message}`,
    );
    const sentence = `${dag.id} does not take these params. ${issues.join("; ")}. Trigger it with others, or mend their defaults or checks.`;
    return failed(new VaneError("params.invalid", sentence), false);
  } catch (thrown) {
    return failed(thrown, false);
  }
}
