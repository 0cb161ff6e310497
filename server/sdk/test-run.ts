import type { Json } from "../domain/serialized-dag";
import type { TaskState } from "../domain/task-instance";
import { VaneError } from "../platform/errors";
import type { Happened } from "./callbacks";
import type { Mock } from "./mock";
import { taskIdOf, type Task } from "./task";

interface Common {
  /** Where the fake clock begins; default: the real time. */
  now?: string | Date;
  mocks?: readonly Mock[];
  /** URLs by connection id. */
  connections?: Readonly<Record<string, string>>;
  variables?: Readonly<Record<string, string>>;
}

// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it fits when nothing must be given
type NoneNeeded = {};
export type TestOptions<P> = Common & (NoneNeeded extends P ? { params?: P } : { params: P });
export type TestArguments<P> = NoneNeeded extends P ? [TestOptions<P>?] : [TestOptions<P>];

export interface TestTask<R> {
  readonly state: TaskState;
  /** As JSON brings it to the next task. */
  readonly result: R | undefined;
  readonly attempts: number;
  readonly log: readonly string[];
  /** Of the last attempt that failed. */
  readonly error?: Error;
}

export interface TestRun {
  readonly state: "success" | "failed";
  /** One for each callback that would have been called. None is: give them what stands here to test them. */
  readonly callbacks: readonly Happened[];
  /** By task (typed) or by id; throws `test.no_such_task`. */
  // `any`: a task of whatever inputs.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  task<R>(task: Task<any, R>): TestTask<R>;
  task(id: string): TestTask<unknown>;
}

/** @internal What happened to one task so far. */
export interface Trace {
  attempts: number;
  result: Json | undefined;
  error: Error | undefined;
  readonly log: string[];
}

/** @internal Finds a task by its id or by what `task(...)` returned. */
export function finder(tasks: ReadonlyMap<string, TestTask<unknown>>): TestRun["task"] {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in TestRun
  function find<R>(task: Task<any, R>): TestTask<R>;
  function find(id: string): TestTask<unknown>;
  function find(wanted: string | object): TestTask<unknown> {
    const id = typeof wanted === "string" ? wanted : taskIdOf(wanted);
    const found = tasks.get(id ?? "");
    if (found) return found;
    const known = [...tasks.keys()].join(", ") || "none";
    throw new VaneError("test.no_such_task", `The DAG has no task ${id ?? "like this"}. It has: ${known}.`);
  }
  return find;
}
