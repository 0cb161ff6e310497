import type { Clock } from "./clock";

/** Again and again, each time that long after the last has ended. Returns what calls it off. */
export function every(
  clock: Clock,
  ms: number,
  act: () => void | Promise<void>,
  onError: (error: unknown) => void,
): () => void {
  let stopped = false;
  let callOff = () => {};

  async function once() {
    try {
      await act();
    } catch (error) {
      onError(error);
    }
    if (!stopped) again();
  }
  function again() {
    callOff = clock.wakeAfter(ms, () => void once());
  }

  again();
  return () => {
    stopped = true;
    callOff();
  };
}
