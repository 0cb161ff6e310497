import { DatabaseError } from "pg";
import type { DagId } from "../domain/ids";
import type { Draft } from "./draft";
import type { Engine, Input } from "./engine";
import { quarantine, recount, reload } from "./load";

/** So often a DAG is tried before it is to blame: what it brings may have been somebody else's fault once. */
const STRIKES = 4;
/** A row that is not as expected is read again, and then mostly is. */
const STRIKES_OF_ROWS = 7;

/**
 * Nothing of a pass has happened: what it took is given back, the memory of its DAGs read again, and those are suspects until
 * it is known which one it was, and by what. @param dagIds whom it was about
 */
export async function takeBack(
  engine: Engine,
  draft: Draft,
  cause: unknown,
  dagIds: Iterable<DagId>,
): Promise<void> {
  const { scope, taken, begun } = draft;
  const about = [...dagIds];
  engine.log.error({ ...factsOf(cause), dags: about }, "A flush was refused; reading its DAGs again");
  engine.look.beat = true;
  for (const [exec, at] of begun) engine.started.set(exec, at);
  engine.suspects.refused(scope, about);
  const [dagId] = about;
  const dag = dagId && scope.alone ? engine.dags.get(dagId) : undefined;
  const [input] = taken;
  const strikes = scope.strikes + 1;
  if (dag && strikes >= (isOwn(cause) ? STRIKES : STRIKES_OF_ROWS)) {
    await quarantine(engine, dag, new Error(reasonOf(draft, cause), { cause }));
    return;
  }
  const toBlame = dag && scope.strikes === 1 && isOwn(cause) ? input : undefined;
  engine.inputs.unshift(...(toBlame ? defused(engine, toBlame, cause) : taken));
  await reload(engine, about);
  recount(engine);
}

const factsOf = (cause: unknown) => ({
  error: String(cause),
  stack: cause instanceof Error ? cause.stack : undefined,
});

/** Of the data, and not of the moment: a class of Postgres for that, or an error before it was asked. */
const isOwn = (cause: unknown) =>
  !(cause instanceof DatabaseError) || /^(22|23|42|54)/.test(cause.code ?? "");

function reasonOf({ created }: Draft, cause: unknown): string {
  const runs = [...created.keys()].map(({ head }) => head.runId).join(", ");
  const what =
    cause instanceof DatabaseError
      ? "The database does not take what is decided about it"
      : "It cannot be decided about";
  return `${what}${runs === "" ? "" : ` (${runs})`}: ${String(cause)}`;
}

/** What the database does not take goes on without the part that may be to blame: the attempt fails, with the reason. */
function defused(engine: Engine, input: Input, cause: unknown): Input[] {
  switch (input.kind) {
    case "report": {
      engine.log.error(
        { dagId: input.report.dagId, error: String(cause) },
        "A report cannot be stored; its attempt fails",
      );
      const error = {
        ...{ name: "NotStorable", stack: "", code: "result.not_storable" },
        message: `The database refused what this attempt brought: ${String(cause)}`,
      };
      const outcome = { kind: "failed", error, retryable: false, retryDelayMs: null } as const;
      return [{ ...input, report: { ...input.report, outcome } }];
    }
    case "command":
      engine.refused.set(
        input.command.id,
        `The database refused what this command would have written, so nothing was done: ${String(cause)}`,
      );
      return [input];
    case "ending":
    case "inbox":
      return [input];
  }
}
