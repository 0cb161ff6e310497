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

/** Typed by the task. */
export function mock<P extends unknown[], R>(task: Task<P, R>, run: (...inputs: P) => R | Promise<R>): Mock {
  const id = taskIdOf(task);
  if (id === undefined) throw new VaneError("test.no_such_task", "mock(...) wants what task(...) returned.");
  const made = { mock: id };
  insides.set(made, { id, run: (...inputs) => run(...(inputs as P)) });
  return made;
}
