import { buildGraph, findCycle } from "../domain/graph";
import { refsOf } from "../domain/expr";
import type { TaskId } from "../domain/ids";
import type { Expr, Node } from "../domain/serialized-dag";
import type { TaskInside } from "./inside";
import { lineIn, loadError, type Place } from "./place";
import type { Settings } from "./task-settings";

/** A DAG while its body runs. */
export interface Graph {
  readonly dagId: string;
  readonly defaults: Settings;
  readonly nodes: Map<TaskId, GrowingNode>;
}

export interface GrowingNode {
  readonly task: TaskInside;
  readonly args: readonly Expr[];
  readonly parameters: readonly string[];
  /** As the author wrote them, functions included; `settings` is the same as data. */
  readonly own: Settings;
  readonly settings: Node["settings"];
  readonly place: Place;
  /** Order that the author asked for, and where. */
  readonly after: Map<TaskId, Place>;
}

let current: Graph | undefined;

/** The DAG whose body is running. */
export const currentGraph = () => current;

export function withGraph<T>(graph: Graph, body: () => T): T {
  const outer = current;
  current = graph;
  try {
    return body();
  } finally {
    current = outer;
  }
}

export function addNode(graph: Graph, node: GrowingNode): void {
  const { id } = node.task;
  if (graph.nodes.has(id)) {
    throw loadError(
      "task.duplicate_id",
      `DAG ${graph.dagId} has a task ${id} already. Give this call another id: ` +
        `.as("${id}_2")(...). History hangs on ids, so none is made up.`,
      node.place,
    );
  }
  graph.nodes.set(id, node);
}

/** The graph as data: sorted edges, and no cycle. */
export function nodesOf(graph: Graph, home: Place): Node[] {
  const nodes = [...graph.nodes.values()].map(({ task, args, parameters, settings, place, after }): Node => {
    const upstream = new Set([...args.flatMap((arg) => [...refsOf(arg)]), ...after.keys()]);
    return {
      kind: "task",
      id: task.id,
      rule: "all_success",
      after: [...upstream].sort(),
      args: [...args],
      parameters: [...parameters],
      settings,
      line: lineIn(home, place),
    };
  });
  refuseCycle(graph, nodes, home);
  return nodes;
}

function refuseCycle(graph: Graph, nodes: readonly Node[], home: Place): void {
  const cycle = findCycle(buildGraph({ nodes: [...nodes] }))?.flatMap((at) => nodes[at]?.id ?? []);
  if (!cycle) return;
  // Data alone cannot go round: a task needs the handle of an earlier call. One of these orders closes the circle.
  const places = cycle.flatMap((id, at) => {
    const previous = cycle.at(at - 1);
    return (previous && graph.nodes.get(id)?.after.get(previous)) ?? [];
  });
  throw loadError(
    "dag.cycle",
    `The tasks of DAG ${graph.dagId} wait for one another: ${[...cycle, cycle[0]].join(" -> ")}. ` +
      "Take one of these orders out.",
    places.at(-1) ?? home,
  );
}
