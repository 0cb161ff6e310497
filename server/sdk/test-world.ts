import type { TaskId } from "../domain/ids";
import type { TaskState } from "../domain/task-instance";
import type { ConnectionFacts } from "../executor/protocol";
import { VaneError } from "../platform/errors";
import { factsOfUrl } from "./test-connection";
import type { TestOptions } from "./test-run";

/** @internal What a run in memory has around it: what a test gave, or what a terminal asks the running system for. */
export interface World {
  connection(id: string): Promise<ConnectionFacts>;
  variable(key: string): Promise<string>;
  /** The run's, for what is run by hand as if it were due. */
  readonly logicalDate?: Date | undefined;
  /** As it happens: a line of `context().log`, an attempt that begins or has ended. */
  onLog?(taskId: TaskId, line: string): void;
  onMove?(taskId: TaskId, state: TaskState, attempt: number, error?: Error): void;
}

/** @internal */
export function givenWorld({ connections = {}, variables = {} }: Partial<TestOptions<unknown>>): World {
  return {
    connection: async (id) => factsOfUrl(id, await pick(connections, "connections", id)),
    variable: (key) => pick(variables, "variables", key),
  };
}

async function pick(from: Readonly<Record<string, string>>, name: string, key: string): Promise<string> {
  const value = Object.hasOwn(from, key) ? from[key] : undefined;
  if (value !== undefined) return Promise.resolve(value);
  throw new VaneError(
    "test.not_given",
    `The test gave no ${key}. Add it: .test({ ${name}: { ${key}: "..." } }).`,
  );
}
