import { TaskId } from "../domain/ids";
import { addNode, currentGraph, type Graph } from "./graph";
import { makeHandle, type Handle } from "./handle";
import type { Inputs } from "./input";
import type { JsonOf } from "./json";
import { parameterNames } from "./parameter-names";
import { parseOptions } from "./parse-options";
import { loadError, placeOf, type Place } from "./place";
import { noteTask, type Definition } from "./registry";
import { retryQuestion } from "./retry-question";
import { serializeSettings, Settings, type TaskOptions, type TaskSettings } from "./task-settings";
import { toExpr } from "./to-expr";

type JsonEach<P> = { [K in keyof P]: JsonOf<P[K]> };

/** What the compiler asks of a task's function beyond its shape: `unknown` when all is well, else the message. */
type Checked<P extends unknown[], R> = [R] extends [JsonOf<R>]
  ? P extends JsonEach<P>
    ? unknown
    : { readonly "a parameter is not JSON": JsonEach<P> }
  : { readonly "the result is not JSON": JsonOf<R> };

/** A task, not yet in a DAG. Calling it makes a node. */
export interface Task<P extends unknown[], R> {
  (...inputs: Inputs<P>): Handle<R>;
  /** The same task under another id: ids are unique in a DAG. */
  as(id: string): Task<P, R>;
  with(settings: TaskSettings & { id?: string }): Task<P, R>;
  /** The function itself, for unit tests and for use inside another task. */
  readonly run: (...inputs: P) => Promise<R>;
}

interface Blueprint {
  readonly id: TaskId;
  readonly settings: Settings;
  readonly run: (...inputs: never[]) => unknown;
  /** One for a task and all that `as` and `with` make of it. */
  readonly definition: Definition;
}

const ids = new WeakMap<object, TaskId>();

/** @internal The id that a task was given; undefined for what is no task. */
export const taskIdOf = (task: object): TaskId | undefined => ids.get(task);

/**
 * P and R come from the function. A generic function loses its T (TypeScript keeps it only for plain function types):
 * write a factory, state its return type and let the inner function return Promise<any>.
 */
export function task<P extends unknown[], R>(
  options: string | TaskOptions,
  run: ((...inputs: P) => R | Promise<R>) & Checked<P, R>,
): Task<P, R> {
  return defineTask(options, run, placeOf(task));
}

/** @internal */
export function defineTask<P extends unknown[], R>(
  options: string | TaskOptions,
  run: (...inputs: P) => R | Promise<R>,
  place: Place,
): Task<P, R> {
  const { id, triggerRule, ...settings } = typeof options === "string" ? { id: options } : { ...options };
  const taskId = parseTaskId(id, place);
  const what = `Task ${id}`;
  if (triggerRule !== undefined && (triggerRule as string) !== "all_success") {
    throw loadError("task.invalid", `${what}, triggerRule: the only rule is "all_success".`, place);
  }
  if (typeof run !== "function") throw loadError("task.invalid", `${what} has no function.`, place);
  const parsed = parseOptions(Settings, settings, { what, code: "task.invalid", place });
  return makeTask({ id: taskId, settings: parsed, run, definition: noteTask(taskId, place) });
}

function makeTask<P extends unknown[], R>(blueprint: Blueprint): Task<P, R> {
  const { id, settings, run, definition } = blueprint;

  const made = (...inputs: unknown[]): Handle<R> => {
    const place = placeOf(made);
    const graph = currentGraph();
    if (!graph) throw outside(id, place);
    definition.used = true;
    growNode(graph, blueprint, inputs, place);
    return makeHandle({ graph, expr: { ref: id }, task: id }, id);
  };
  const as = (newId: string): Task<P, R> => makeTask({ ...blueprint, id: parseTaskId(newId, placeOf(as)) });
  const withSettings = ({ id: newId = id, ...more }: TaskSettings & { id?: string }): Task<P, R> => {
    const place = placeOf(withSettings);
    const parsed = parseOptions(Settings, more, { what: `Task ${id}`, code: "task.invalid", place });
    return makeTask({ ...blueprint, id: parseTaskId(newId, place), settings: { ...settings, ...parsed } });
  };
  // The blueprint forgot P and R on its way through `as` and `with`; they never change.
  const call = run as (...inputs: P) => R | Promise<R>;
  const task = Object.assign(made, { as, with: withSettings, run: async (...inputs: P) => call(...inputs) });
  ids.set(task, id);
  return task;
}

function growNode(graph: Graph, { id, settings, run }: Blueprint, inputs: unknown[], place: Place): void {
  const args = inputs.map((input, index) =>
    toExpr(input, { graph, name: `Input ${index + 1} of ${id}`, place, path: [] }),
  );
  while (args.length > 0 && "none" in (args.at(-1) ?? {})) args.pop();
  const own = { ...graph.defaults, ...settings };
  addNode(graph, {
    task: {
      id,
      run: (...given) => run(...(given as never[])),
      ...(own.retryIf && { retryIf: retryQuestion(own.retryIf) }),
    },
    own,
    settings: serializeSettings(own),
    args,
    parameters: parameterNames(run),
    place,
    after: new Map(),
  });
}

function parseTaskId(id: string, place: Place): TaskId {
  const parsed = TaskId.safeParse(id);
  if (parsed.success) return parsed.data;
  const shown = typeof id === "string" ? JSON.stringify(id.slice(0, 60)) : String(id);
  throw loadError(
    "id.invalid",
    `${shown} is no id for a task. Use letters, digits, _ and -, in parts joined by dots; at most 200 characters.`,
    place,
  );
}

const outside = (id: TaskId, place: Place) =>
  loadError(
    "task.outside_dag",
    `${id} was called outside of a dag() body. Call it inside; to use its function in another task, ` +
      `call .run(...) of it.`,
    place,
  );
