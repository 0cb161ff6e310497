import type { Engine } from "./engine";
import { runPass } from "./pass";

export type End = "deposed" | { readonly error: unknown };

/** Passes follow one another while there is something to do; otherwise the next due instant wakes them. */
export function passLoop(onEnd: (end: End) => void) {
  let passing = false;
  let wanted = false;
  let last = Promise.resolve();
  let callOff = () => {};

  function wake(engine: Engine) {
    wanted = true;
    if (passing || engine.stopped) return;
    passing = true;
    // What arrives in one turn of the loop is one batch.
    last = Promise.resolve().then(() => passes(engine));
  }

  async function passes(engine: Engine) {
    callOff();
    try {
      while (wanted && !engine.stopped) await onePass(engine);
    } catch (error) {
      engine.stopped = true;
      onEnd({ error });
    }
    passing = false;
    const next = engine.due.nextMs();
    if (engine.stopped || next === undefined) return;
    callOff = engine.clock.wakeAfter(next - engine.clock.now().getTime(), () => {
      wake(engine);
    });
  }

  async function onePass(engine: Engine) {
    wanted = false;
    const outcome = await runPass(engine);
    if (outcome === "deposed") {
      engine.stopped = true;
      onEnd("deposed");
    } else if (outcome !== "idle" && (engine.inputs.length > 0 || isDue(engine))) {
      wanted = true;
    }
  }

  return {
    wake,
    settled: () => last,
    stop: () => {
      callOff();
    },
  };
}

const isDue = ({ due, clock }: Engine) => (due.nextMs() ?? Infinity) <= clock.now().getTime();
