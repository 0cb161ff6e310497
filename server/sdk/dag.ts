import type { z } from "zod";
import { DagId } from "../domain/ids";
import { SERIALIZED_FORMAT, type SerializedDag } from "../domain/serialized-dag";
import { functionAt } from "./callbacks";
import { Options, serializeOptions, type DagOptions } from "./dag-options";
import { currentGraph, nodesOf, withGraph, type Graph } from "./graph";
import { rememberDag, type DagInside } from "./inside";
import { paramHandles, serializeParams, type In, type NoFields, type Out, type Params } from "./params";
import { parseOptions } from "./parse-options";
import { loadError, placeOf, type Place } from "./place";
import { noteDag } from "./registry";
import { serializeSchedule } from "./schedule";
import { testDag } from "./test-dag";
import type { TestArguments, TestRun } from "./test-run";

/** Rejects async bodies: nodes made after an await would belong to no DAG. */
type Sync<T> =
  T extends PromiseLike<unknown> ? { readonly "a body that builds the graph must not be async": never } : T;

/** It exists for Vane when its file exports it: by default, by name, in a list or record. */
export interface Dag<P = unknown> {
  readonly id: string;
  /** Runs it in memory with a fake clock, for tests in any test runner. */
  test(...options: TestArguments<P>): Promise<TestRun>;
}

export function dag<T, S extends z.ZodObject = NoFields>(
  options: DagOptions<S>,
  body: (scope: { params: Params<Out<S>> }) => Sync<T>,
): Dag<In<S>> {
  const place = placeOf(dag);
  const { params, ...written } = options;
  const id = parseDagId(options, place);
  const parsed = parseOptions(Options, written, { what: `DAG ${id}`, code: "dag.invalid", place });
  const settings = serializeOptions(parsed, place);
  const graph: Graph = { dagId: id, defaults: parsed.defaults, nodes: new Map() };
  runBody(graph, place, () => body({ params: paramHandles(graph, params) as Params<Out<S>> }));

  const serialized: SerializedDag = {
    format: SERIALIZED_FORMAT,
    id,
    schedule: serializeSchedule(parsed.schedule, { dagId: id, timezone: settings.timezone, place }),
    ...serializeParams(id, params, place),
    nodes: nodesOf(graph, place),
    settings,
  };
  const inside: DagInside = {
    ...{ id, serialized, params },
    tasks: new Map(Array.from(graph.nodes, ([taskId, { task }]) => [taskId, task])),
    get stack() {
      return place.stack;
    },
    callback(taskId, list, index) {
      if (taskId !== null) return functionAt(graph.nodes.get(taskId)?.own[list], index);
      return list === "onRetry" ? undefined : functionAt(parsed[list], index);
    },
  };
  const made = { id, test: (...given: TestArguments<In<S>>) => testDag(inside, given[0]) };
  rememberDag(made, inside);
  noteDag(inside);
  return made;
}

function runBody(graph: Graph, place: Place, body: () => unknown): void {
  const outer = currentGraph();
  if (outer) {
    throw loadError(
      "dag.nested",
      `DAG ${graph.dagId} is made in the body of ${outer.dagId}. Make it beside it.`,
      place,
    );
  }
  const returned = withGraph(graph, body);
  if (!(returned instanceof Promise)) return;
  // What it throws later is a consequence, and must not end the process as an unhandled rejection.
  returned.catch(() => undefined);
  throw loadError(
    "dag.async_body",
    `The body of DAG ${graph.dagId} is async: what it does after an await would belong to no DAG. ` +
      "Make it a plain function; what needs awaiting belongs in a task.",
    place,
  );
}

function parseDagId({ id }: { readonly id: string }, place: Place): DagId {
  const parsed = DagId.safeParse(id);
  if (parsed.success) return parsed.data;
  const shown = typeof id === "string" ? JSON.stringify(id.slice(0, 60)) : String(id);
  throw loadError(
    "id.invalid",
    `${shown} is no id for a DAG. Use letters, digits, _ and -, in parts joined by dots; at most 200 characters.`,
    place,
  );
}
