import type { TaskId } from "./ids";
import type { Node, SerializedDag } from "./serialized-dag";

/** The nodes of one version by position, with their edges both ways. Made once per version, shared by all its runs. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly position: ReadonlyMap<TaskId, number>;
  readonly upstream: readonly (readonly number[])[];
  readonly downstream: readonly (readonly number[])[];
  readonly leaves: readonly number[];
}

export function buildGraph({ nodes }: Pick<SerializedDag, "nodes">): Graph {
  const position = new Map(nodes.map((node, at) => [node.id, at]));
  const upstream = nodes.map((node) => node.after.map((id) => placeOf(position, id)));
  const downstream: number[][] = nodes.map(() => []);
  upstream.forEach((above, at) => {
    for (const up of above) downstream[up]?.push(at);
  });
  const leaves = downstream.flatMap((below, at) => (below.length === 0 ? [at] : []));
  return { nodes, position, upstream, downstream, leaves };
}

/** Positions of a cycle in order, or undefined. Kahn's algorithm leaves exactly the nodes on or behind a cycle. */
export function findCycle({ upstream, downstream }: Graph): readonly number[] | undefined {
  const waitingFor = upstream.map((above) => above.length);
  const free = waitingFor.flatMap((count, at) => (count === 0 ? [at] : []));
  for (let next = free.pop(); next !== undefined; next = free.pop()) {
    waitingFor[next] = -1;
    for (const below of downstream[next] ?? []) {
      const left = (waitingFor[below] ?? 0) - 1;
      waitingFor[below] = left;
      if (left === 0) free.push(below);
    }
  }
  const start = waitingFor.findIndex((count) => count > 0);
  if (start < 0) return undefined;

  // Walking upstream among what is left must come round.
  const walked: number[] = [];
  let at = start;
  while (!walked.includes(at)) {
    walked.push(at);
    at = (upstream[at] ?? []).find((up) => (waitingFor[up] ?? 0) > 0) ?? at;
  }
  return walked.slice(walked.indexOf(at)).reverse();
}

function placeOf(position: ReadonlyMap<TaskId, number>, id: TaskId): number {
  const at = position.get(id);
  if (at === undefined) throw new Error(`A node comes after ${id}, which the DAG does not have.`);
  return at;
}
