import { putInOrder, type Orderable } from "./handle";

/** Each step before all of the next. */
export function chain(...steps: (Orderable | readonly Orderable[])[]): void {
  const lists = steps.map((step) => (isList(step) ? step : [step]));
  lists.forEach((step, at) => {
    for (const later of lists[at + 1] ?? []) {
      for (const earlier of step) putInOrder(earlier, later, chain);
    }
  });
}

const isList = (step: Orderable | readonly Orderable[]): step is readonly Orderable[] => Array.isArray(step);
