import type { TaskId } from "../domain/ids";
import { VaneError } from "../platform/errors";
import { taskIdOf, type Task } from "./task";

/** Takes the place of a task's function in a test. */
export interface Mock {
  readonly mock: string;
}

interface MockInside {
  readonly id: TaskId;
  readonly run: (...inputs: readonly unknown[]) => unknown;
}

const insides = new WeakMap<object, MockInside>();

/** @internal */
export const mockInside = (mock: Mock): MockInside | undefined => insides.get(mock);

// `any`: a task of whatever inputs.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyTask = Task<any, any>;

/** Typed by the task alone, so that the function may leave out inputs that it has no use for. */
export function mock<T extends AnyTask>(
  task: T,
  run: (...inputs: Parameters<T["run"]>) => Awaited<ReturnType<T["run"]>> | ReturnType<T["run"]>,
): Mock {
  const id = taskIdOf(task);
  if (id === undefined) throw new VaneError("test.no_such_task", "mock(...) wants what task(...) returned.");
  const made = { mock: id };
  insides.set(made, { id, run: (...inputs) => run(...(inputs as Parameters<T["run"]>)) });
  return made;
}
