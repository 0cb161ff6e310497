/** A process of Vane once it is up: what its command waits for and what a signal ends. */
export interface Running {
  /** Ends everything it started; resolves when nothing of it is left. Safe to call twice. */
  stop(): Promise<void>;
  /**
   * For one that outlives its supervisor: nothing new begins, what has begun goes on to its end. Resolves when nothing is
   * left to do; `stop` follows.
   */
  leave?(): Promise<void>;
  /** Rejects when it cannot go on (a bug, or deposed and useless); never resolves. */
  readonly failed: Promise<never>;
}
