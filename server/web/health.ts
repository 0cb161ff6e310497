import type { Answer } from "./answer";
import { findProblems, type Problem, type Question } from "./readiness";

/** A turn of the loop that comes this late means that nobody is served. */
const MAX_LAG_MS = 5_000;
const LOOK_MS = 1_000;

export interface Health {
  /** The process. */
  alive(): Answer;
  /** The system. */
  ready(): Promise<Answer>;
  stop(): void;
}

interface Surroundings extends Question {
  readonly instance: string;
  readonly arePagesReady: () => boolean;
  readonly hasAdmin: () => Promise<boolean>;
}

const NO_PAGES: Problem = { what: "web", why: "The pages are still being loaded." };

export function watchHealth({ instance, arePagesReady, hasAdmin, ...question }: Surroundings): Health {
  const loop = watchLoop();
  return {
    alive() {
      const loopLagMs = loop.lagMs();
      return { status: loopLagMs < MAX_LAG_MS ? 200 : 503, body: { alive: true, loopLagMs } };
    },
    async ready() {
      const problems = await findProblems(question);
      if (!arePagesReady()) problems.push(NO_PAGES);
      if (problems.length > 0) return { status: 503, body: { ready: false, problems, instance } };
      return { status: 200, body: { ready: true, problems, instance, hasAdmin: await hasAdmin() } };
    },
    stop: loop.stop,
  };
}

/** How late the loop's last turn came. */
function watchLoop() {
  let dueMs = performance.now() + LOOK_MS;
  let lagMs = 0;
  const timer = setInterval(() => {
    lagMs = Math.max(0, performance.now() - dueMs);
    dueMs = performance.now() + LOOK_MS;
  }, LOOK_MS);
  return {
    lagMs: () => Math.round(Math.max(lagMs, performance.now() - dueMs)),
    stop: () => {
      clearInterval(timer);
    },
  };
}
