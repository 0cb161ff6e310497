import type { Engine } from "./engine";
import { runPass, type PassOutcome } from "./pass";

export type End = "deposed" | { readonly error: unknown };

/** What is due stays due while the database is away: looking again and again would only keep the machine busy. */
const BLIND_MS = 200;

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
    let blind = false;
    try {
      while (wanted && !blind && !engine.stopped) blind = (await onePass(engine)) === "blind";
    } catch (error) {
      engine.stopped = true;
      onEnd({ error });
    }
    passing = false;
    if (engine.stopped) return;
    const next = engine.due.nextMs() ?? Infinity;
    const inMs = blind ? BLIND_MS : next - engine.clock.now().getTime();
    if (inMs === Infinity) return;
    callOff = engine.clock.wakeAfter(inMs, () => {
      wake(engine);
    });
  }

  async function onePass(engine: Engine): Promise<PassOutcome> {
    wanted = false;
    const outcome = await runPass(engine);
    if (outcome === "deposed") {
      engine.stopped = true;
      onEnd("deposed");
    } else if (outcome !== "idle" && outcome !== "blind" && (engine.inputs.length > 0 || isDue(engine))) {
      wanted = true;
    }
    return outcome;
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
