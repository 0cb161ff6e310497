/** A process of Vane once it is up: what its command waits for and what a signal ends. */
export interface Running {
  /** Ends everything it started; resolves when nothing of it is left. Safe to call twice. */
  stop(): Promise<void>;
  /** Rejects when it cannot go on (a bug, or deposed and useless); never resolves. */
  readonly failed: Promise<never>;
}
