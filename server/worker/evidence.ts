export interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** What the process wrote last to stderr, past all logs: V8's own last words come so. */
  readonly lastWords: string;
  readonly rssBytes: number | undefined;
  /** It went on without a channel to its worker, who ended it for that. */
  readonly closedChannel?: boolean;
}

/**
 * Why a runtime is gone although its task had not finished, for people.
 *
 * @param endedFor why Vane ended it; undefined if it did not
 */
export function evidenceOf(exit: Exit, endedFor: string | undefined): string {
  const { lastWords, rssBytes } = exit;
  const memory = rssBytes === undefined ? "" : ` It had ${megabytes(rssBytes)} of memory.`;
  const words = lastWords.trim() === "" ? "" : ` Its last words: ${lastWords.trim().slice(-1_000)}`;
  return `${whatHappened(exit, endedFor)}${memory}${words}`;
}

/** A runtime that no task has had yet. */
export function whyNotStarted({ exitCode, signal, lastWords }: Exit): string {
  const end = signal === null ? `exit code ${exitCode ?? "unknown"}` : signal;
  return `a new runtime ended with ${end} before it was ready. Its last words: ${lastWords.trim().slice(-1_000) || "none"}`;
}

function whatHappened({ exitCode, signal, lastWords, closedChannel }: Exit, endedFor?: string): string {
  if (endedFor !== undefined) return `Vane ended the task: ${endedFor}.`;
  if (/heap out of memory|Reached heap limit/.test(lastWords)) {
    return "The task ran out of memory: it reached the heap limit of its process. Let it hold less at once.";
  }
  if (closedChannel === true) {
    return (
      "The task closed the channel to its worker, so no result could come back, and Vane ended it. " +
      "Leave process.disconnect() out, and file descriptors that are not the task's own alone."
    );
  }
  if (signal === "SIGKILL") {
    return (
      "The task's process was killed (SIGKILL), and not by its worker: by the kernel when memory ran out, by a person, " +
      "or by its own watchdog when its worker was silent for too long."
    );
  }
  if (signal !== null) return `The task's process was ended by ${signal}, which Vane did not send.`;
  if (exitCode === 0) {
    return "The task ended its own process (exit code 0) before it was finished, perhaps by process.exit(). Return instead.";
  }
  return `The task's process ended with exit code ${exitCode ?? "unknown"} before the task was finished.`;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;
