import type { Duration } from "./duration";

/** Thrown from a task: it is skipped, and so is what comes after it. */
export class Skip extends Error {
  override readonly name = "Skip";
}

/** Thrown from a task: failed at once, whatever retries are left. */
export class Fail extends Error {
  override readonly name = "Fail";
}

export interface RetryAfter {
  after: Duration | Date;
  /** Not counted as a retry, e.g. after HTTP 429. */
  free?: boolean;
}

/** Thrown from a task: try again after `after`. It costs a retry unless it is `free`. */
export class Retry extends Error {
  override readonly name = "Retry";

  constructor(
    message: string,
    readonly options: RetryAfter,
  ) {
    super(message);
  }
}
